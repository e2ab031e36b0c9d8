import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parse } from 'yaml'
import { encodeConfig, type MachineConfig, patchConfig } from '../../machine-config/index.ts'
import { fromBase64, issueCertificate, toBase64, toTalosKey } from '../../pki/index.ts'
import { type Context, ToolError } from '../command.ts'
import { goFileError } from '../files.ts'
import { type GenOptions, generateConfig } from '../gen/machine-configs.ts'
import { generateSecrets, type SecretsBundle } from '../gen/secrets-bundle.ts'
import { readPatch } from '../patches.ts'
import { encodeTalosconfig } from '../talosconfig.ts'

const TYPES = ['controlplane', 'worker', 'talosconfig'] as const
type OutputType = (typeof TYPES)[number]

const ADMIN_DAYS = 365

/** `talosctl gen config NAME ENDPOINT`: writes machine configs and a talosconfig. */
export async function run(context: Context): Promise<void> {
  const options = readOptions(context)
  const types = readTypes(context)
  const targets = targetsOf(context, types)
  context.err('generating PKI and tokens\n')
  const secrets = context.given('with-secrets') ? loadSecrets(context.flag('with-secrets')) : await generateSecrets()
  for (const [type, target] of targets) {
    const text =
      type === 'talosconfig'
        ? await adminTalosconfig(options.clusterName, secrets)
        : machineConfig(type, secrets, options, context)
    write(context, target, text)
  }
}

function readOptions(context: Context): GenOptions {
  const [clusterName, endpoint] = context.args as [string, string]
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(endpoint))
    throw new ToolError(
      `no scheme specified for the cluster endpoint URL\ntry: "https://${endpoint}${endpoint.includes(':') ? '' : ':6443'}"`,
    )
  if (!URL.canParse(endpoint)) throw new ToolError(`failed to parse cluster endpoint "${endpoint}"`)
  const talosVersion = context.flag('talos-version')
  if (talosVersion !== '' && !/^v?1\.\d+(\.\d+\S*)?$/.test(talosVersion))
    throw new ToolError(`invalid talos-version: error parsing version "${talosVersion}"`)
  if (context.flag('version') !== 'v1alpha1') throw new ToolError(`unknown config version "${context.flag('version')}"`)
  return {
    clusterName,
    endpoint,
    kubernetesVersion: context.flag('kubernetes-version').replace(/^v/, ''),
    installDisk: context.flag('install-disk'),
    installImage: context.flag('install-image'),
    dnsDomain: context.flag('dns-domain'),
    additionalSans: context.all('additional-sans'),
    persist: context.on('persist'),
    discovery: context.on('with-cluster-discovery'),
    kubespan: context.on('with-kubespan'),
    registryMirrors: context.all('registry-mirror').map(readMirror),
  }
}

function readMirror(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 0) throw new ToolError(`invalid registry mirror spec: "${text}"`)
  return [text.slice(0, at), text.slice(at + 1)]
}

function readTypes(context: Context): OutputType[] {
  const wanted = context.all('output-types')
  if (wanted.length === 0) return [...TYPES]
  const unknown = wanted.filter((type) => !TYPES.includes(type as OutputType))
  if (unknown.length > 0)
    throw new ToolError(
      `${unknown.length === 1 ? '1 error' : `${unknown.length} errors`} occurred:\n${unknown.map((type) => `\t* invalid output type: "${type}"\n`).join('')}\n`,
    )
  return wanted as OutputType[]
}

function targetsOf(context: Context, types: OutputType[]): [OutputType, string][] {
  const output = context.flag('output')
  if (output === '-' && types.length > 1) throw new ToolError("can't use multiple output types with stdout")
  const nameOf = (type: OutputType): string => (type === 'talosconfig' ? type : `${type}.yaml`)
  const targets = types.map((type): [OutputType, string] => {
    if (output === '-') return [type, '-']
    return [type, types.length === 1 && output !== '' ? resolve(output) : join(resolve(output || '.'), nameOf(type))]
  })
  const taken = targets.find(([, path]) => path !== '-' && existsSync(path))
  if (taken && !context.on('force')) throw new ToolError(`file "${taken[1]}" already exists, use --force to overwrite`)
  return targets
}

function loadSecrets(path: string): SecretsBundle {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw new ToolError(`failed to load secrets bundle: ${goFileError(error, path)}`)
  }
  const bundle = parse(text) as Partial<SecretsBundle> | null
  if (
    !bundle?.cluster?.id ||
    !bundle.certs?.os?.key ||
    !bundle.certs.k8s?.key ||
    !bundle.secrets ||
    !bundle.trustdinfo
  ) {
    throw new ToolError('failed to load secrets bundle: secrets bundle is incomplete')
  }
  return bundle as SecretsBundle
}

function machineConfig(
  role: 'controlplane' | 'worker',
  secrets: SecretsBundle,
  options: GenOptions,
  context: Context,
): string {
  const patches = [
    ...context.all('config-patch'),
    ...context.all(role === 'controlplane' ? 'config-patch-control-plane' : 'config-patch-worker'),
  ]
  const base: MachineConfig = { main: generateConfig(role, secrets, options), others: [] }
  return encodeConfig(patches.reduce((config, patch) => patchConfig(config, readPatch(patch)), base))
}

async function adminTalosconfig(clusterName: string, { certs }: SecretsBundle): Promise<string> {
  const ca = { crt: fromBase64(certs.os.crt), key: fromBase64(certs.os.key) }
  const admin = await issueCertificate({
    ca,
    organization: 'os:admin',
    sans: [],
    days: ADMIN_DAYS,
    usages: ['client'],
    algorithm: 'ed25519',
  })
  const entry = { endpoints: [], ca: certs.os.crt, crt: toBase64(admin.crt), key: toBase64(toTalosKey(admin.key)) }
  return encodeTalosconfig(clusterName, { [clusterName]: entry })
}

function write(context: Context, path: string, text: string): void {
  if (path === '-') {
    context.out(text)
    return
  }
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text, { mode: 0o644 })
  context.err(`Created ${path}\n`)
}
