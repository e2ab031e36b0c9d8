import type { Command } from './command.ts'
import type { Flag } from './flags.ts'
import { nodeFlags, patches } from './shared-flags.ts'

const ANY = Number.POSITIVE_INFINITY

const genConfigFlags: Flag[] = [
  { name: 'additional-sans', type: 'strings', usage: 'additional Subject-Alt-Names for the APIServer certificate' },
  patches('config-patch'),
  patches('config-patch-control-plane'),
  patches('config-patch-worker'),
  { name: 'dns-domain', type: 'string', default: 'cluster.local', usage: 'the dns domain to use for cluster' },
  { name: 'force', short: 'f', type: 'bool', usage: 'will overwrite existing files' },
  { name: 'install-disk', type: 'string', default: '/dev/sda', usage: 'the disk to install to' },
  {
    name: 'install-image',
    type: 'string',
    default: 'ghcr.io/siderolabs/installer:v1.11.5',
    usage: 'the image used to perform an installation',
  },
  { name: 'kubernetes-version', type: 'string', default: '1.34.1', usage: 'desired kubernetes version to run' },
  { name: 'output', short: 'o', type: 'string', usage: 'destination to output generated files' },
  {
    name: 'output-types',
    short: 't',
    type: 'strings',
    usage: 'types of outputs to be generated. valid types are: ["controlplane" "worker" "talosconfig"]',
  },
  { name: 'persist', short: 'p', type: 'bool', default: true, usage: 'the desired persist value for configs' },
  {
    name: 'registry-mirror',
    type: 'strings',
    usage: 'list of registry mirrors to use in format: <registry host>=<mirror URL>',
  },
  { name: 'talos-version', type: 'string', usage: 'the desired Talos version to generate config for' },
  { name: 'version', type: 'string', default: 'v1alpha1', usage: 'the desired machine config version to generate' },
  { name: 'with-cluster-discovery', type: 'bool', default: true, usage: 'enable cluster discovery feature' },
  {
    name: 'with-docs',
    type: 'bool',
    default: true,
    usage: 'renders all machine configs adding the documentation for each field',
  },
  {
    name: 'with-examples',
    type: 'bool',
    default: true,
    usage: 'renders all machine configs with the commented examples',
  },
  { name: 'with-kubespan', type: 'bool', usage: 'enable KubeSpan feature' },
  { name: 'with-secrets', type: 'string', usage: "use a secrets file generated using 'gen secrets'" },
]

const always = (): boolean => true
const genConfig = () => import('./commands/gen-config.ts')
const config = (name: 'endpoint' | 'node' | 'context' | 'contexts' | 'info' | 'merge' | 'remove') => async () => {
  const { configCommands } = await import('./commands/config.ts')
  return { run: configCommands[name] }
}

/** Commands that work on files and need no machine. */
export const fileCommands: Command[] = [
  {
    path: ['gen', 'secrets'],
    count: [0, 0],
    flags: [
      { name: 'force', short: 'f', type: 'bool', usage: 'will overwrite existing files' },
      { name: 'output-file', short: 'o', type: 'string', default: 'secrets.yaml', usage: 'path of the output file' },
      { name: 'talos-version', type: 'string', usage: 'the desired Talos version to generate secrets bundle for' },
    ],
    mutating: always,
    load: () => import('./commands/gen-secrets.ts'),
  },
  {
    path: ['gen', 'config'],
    synopsis: '<cluster name> <cluster endpoint>',
    count: [2, 2],
    flags: genConfigFlags,
    mutating: always,
    load: genConfig,
  },
  {
    path: ['machineconfig', 'gen'],
    aliases: [['mc', 'gen']],
    synopsis: '<cluster name> <cluster endpoint>',
    count: [2, 2],
    flags: genConfigFlags,
    mutating: always,
    load: genConfig,
  },
  {
    path: ['machineconfig', 'patch'],
    aliases: [['mc', 'patch']],
    synopsis: '<machineconfig-file>',
    count: [1, 1],
    flags: [
      patches('patch', 'p'),
      {
        name: 'output',
        short: 'o',
        type: 'string',
        usage: 'output destination. if not specified, output will be printed to stdout',
      },
    ],
    load: () => import('./commands/machineconfig-patch.ts'),
  },
  {
    path: ['validate'],
    count: [0, 0],
    flags: [
      { name: 'config', short: 'c', type: 'string', usage: 'the path of the config file' },
      {
        name: 'mode',
        short: 'm',
        type: 'string',
        usage: 'the mode to validate the config for (valid values are metal, cloud, and container)',
      },
      { name: 'strict', type: 'bool', usage: 'treat validation warnings as errors' },
    ],
    required: ['mode'],
    load: () => import('./commands/validate.ts'),
  },
  {
    path: ['config', 'endpoint'],
    aliases: [['config', 'endpoints']],
    synopsis: '<endpoint>...',
    count: [0, ANY],
    flags: nodeFlags,
    mutating: always,
    load: config('endpoint'),
  },
  {
    path: ['config', 'node'],
    aliases: [['config', 'nodes']],
    synopsis: '<endpoint>...',
    count: [0, ANY],
    flags: nodeFlags,
    mutating: always,
    load: config('node'),
  },
  {
    path: ['config', 'context'],
    synopsis: '<context>',
    count: [1, 1],
    flags: nodeFlags,
    mutating: always,
    load: config('context'),
  },
  { path: ['config', 'contexts'], count: [0, 0], flags: nodeFlags, load: config('contexts') },
  {
    path: ['config', 'info'],
    count: [0, 0],
    flags: [
      ...nodeFlags,
      { name: 'output', short: 'o', type: 'string', default: 'text', usage: 'output format (json|yaml|text)' },
    ],
    load: config('info'),
  },
  {
    path: ['config', 'merge'],
    synopsis: '<from>',
    count: [1, 1],
    flags: nodeFlags,
    mutating: always,
    load: config('merge'),
  },
  {
    path: ['config', 'remove'],
    synopsis: '<context>',
    count: [1, 1],
    flags: [
      ...nodeFlags,
      { name: 'dry-run', type: 'bool', usage: 'dry run' },
      { name: 'noconfirm', short: 'y', type: 'bool', usage: 'do not ask for confirmation' },
    ],
    mutating: always,
    load: config('remove'),
  },
]
