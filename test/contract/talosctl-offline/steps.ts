/** One command in the folder of a run, and what the facts say it does, whoever the program is. */
export interface Step {
  args: string[]
  exit: 0 | 1
  /** What its output or its error has to have in it. */
  says?: RegExp
  /** YAML files it leaves behind, compared in shape; modes are of the facts. */
  files?: Record<string, number>
  /** Its output is YAML, compared in shape. */
  yaml?: boolean
}

const gen = ['gen', 'config', 'home', 'https://10.0.0.30:6443', '--with-secrets', 'secrets.yaml']
const plain = [
  '--with-docs=false',
  '--with-examples=false',
  '--talos-version',
  'v1.11',
  '--kubernetes-version',
  '1.34.1',
]
const roles = ['controlplane', 'worker'] as const

/**
 * Everything we ask of talosctl without a machine, in an order in which each finds what it needs. `patches` are files
 * `<role>.patch.yaml` that the product made.
 */
export const steps: Step[] = [
  { args: ['gen', 'secrets', '-o', 'secrets.yaml'], exit: 0, files: { 'secrets.yaml': 0o600 } },
  { args: ['gen', 'secrets', '-o', 'secrets.yaml'], exit: 1, says: /already exists, use --force to overwrite/ },
  {
    args: [...gen, '--output', 'gen', ...plain],
    exit: 0,
    says: /generating PKI and tokens/,
    files: { 'gen/controlplane.yaml': 0o644, 'gen/worker.yaml': 0o644, 'gen/talosconfig': 0o644 },
  },
  { args: [...gen, '--output', 'gen', ...plain], exit: 1, says: /already exists, use --force to overwrite/ },
  { args: ['gen', 'config', 'home'], exit: 1, says: /accepts 2 arg\(s\), received 1/ },
  {
    args: ['gen', 'config', 'home', '10.0.0.30', '-o', 'x'],
    exit: 1,
    says: /no scheme specified for the cluster endpoint URL/,
  },
  { args: [...gen, '-t', 'foo', '-o', 'x'], exit: 1, says: /invalid output type: "foo"/ },
  { args: [...gen, '--bogus'], exit: 1, says: /unknown flag: --bogus/ },
  ...roles.flatMap((role): Step[] => [
    { args: ['machineconfig', 'patch', `gen/${role}.yaml`, '--patch', `@${role}.patch.yaml`], exit: 0, yaml: true },
    {
      args: [
        'machineconfig',
        'patch',
        `gen/${role}.yaml`,
        '--patch',
        `@${role}.patch.yaml`,
        '-o',
        `${role}.final.yaml`,
      ],
      exit: 0,
      files: { [`${role}.final.yaml`]: 0o644 },
    },
    {
      args: ['validate', '--config', `${role}.final.yaml`, '--mode', 'metal'],
      exit: 0,
      says: new RegExp(`${role}.final.yaml is valid for metal mode`),
    },
    {
      args: ['validate', '--config', `${role}.final.yaml`, '--mode', 'metal', '--strict'],
      exit: 0,
      says: /is valid for metal mode/,
    },
  ]),
  {
    args: ['mc', 'patch', 'gen/worker.yaml', '-p', '{"machine":{"bogus":1}}'],
    exit: 1,
    says: /unknown keys found during decoding/,
  },
  { args: ['mc', 'patch', 'nope.yaml', '-p', '{}'], exit: 1, says: /open nope.yaml: no such file or directory/ },
  { args: ['validate', '-c', 'worker.final.yaml'], exit: 1, says: /required flag\(s\) "mode" not set/ },
  { args: ['validate', '-c', 'worker.final.yaml', '-m', 'foo'], exit: 1, says: /unknown runtime mode: "foo"/ },
  {
    args: ['config', 'endpoint', '10.0.0.31', '10.0.0.32', '--talosconfig', 'gen/talosconfig'],
    exit: 0,
    files: { 'gen/talosconfig': 0o600 },
  },
  {
    args: ['config', 'node', '10.0.0.31', '--talosconfig', 'gen/talosconfig'],
    exit: 0,
    files: { 'gen/talosconfig': 0o600 },
  },
  {
    args: ['config', 'contexts', '--talosconfig', 'gen/talosconfig'],
    exit: 0,
    says: /^CURRENT +NAME +ENDPOINTS +NODES\n\* +home +10\.0\.0\.31,10\.0\.0\.32 +10\.0\.0\.31/,
  },
  {
    args: ['config', 'context', 'nope', '--talosconfig', 'gen/talosconfig'],
    exit: 1,
    says: /context "nope" is not defined/,
  },
  {
    args: ['config', 'merge', 'gen/talosconfig', '--talosconfig', 'new/config'],
    exit: 0,
    files: { 'new/config': 0o600 },
  },
  {
    args: ['config', 'merge', 'gen/talosconfig', '--talosconfig', 'new/config'],
    exit: 0,
    says: /renamed talosconfig context "home" -> "home-1"/,
    files: { 'new/config': 0o600 },
  },
  { args: ['get', 'disks', '-i'], exit: 1, says: /failed to determine endpoints/ },
  { args: ['reset', '--insecure', '-n', '10.0.0.1'], exit: 1, says: /cannot use --wait and --insecure together/ },
  { args: ['bootstrap', '--insecure'], exit: 1, says: /unknown flag: --insecure/ },
  { args: ['disks'], exit: 1, says: /is deprecated, please use/ },
]

/** From Talos 1.12 on the host name has a document of its own, which our patches take away. */
export const newerSteps: Step[] = [
  {
    args: [...gen, '--output', 'newer', '--with-docs=false', '--with-examples=false', '--talos-version', 'v1.12'],
    exit: 0,
    files: { 'newer/controlplane.yaml': 0o644 },
  },
  ...roles.flatMap((role): Step[] => [
    {
      args: [
        'machineconfig',
        'patch',
        `newer/${role}.yaml`,
        '--patch',
        `@${role}.newer-patch.yaml`,
        '-o',
        `${role}.newer.yaml`,
      ],
      exit: 0,
    },
    { args: ['validate', '-c', `${role}.newer.yaml`, '-m', 'metal'], exit: 0, says: /is valid for metal mode/ },
  ]),
]
