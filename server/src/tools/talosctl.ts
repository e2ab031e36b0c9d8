import type { z } from 'zod'
import { WildError } from '../platform/errors.ts'
import type { RunTool, ToolCall } from '../platform/run-tool.ts'
import { namingStrangers, readOutput } from './strange-tool.ts'
import { changeCommands } from './talosctl-changes.ts'
import {
  addressSpec,
  discoveredVolumeSpec,
  diskSpec,
  extensionSpec,
  hostnameSpec,
  linkSpec,
  machineConfigSpec,
  machineStatusSpec,
  memberSpec,
  parseClientVersion,
  parseEtcdMembers,
  parseResources,
  type Resource,
  routeSpec,
  serviceSpec,
  systemDiskSpec,
  systemInformationSpec,
  versionSpec,
} from './talosctl-resources.ts'

/** A machine to talk to: `insecure` while it is in maintenance mode, by certificate otherwise. */
export interface TalosTarget {
  ip: string
  insecure?: boolean
}

export interface TalosctlOptions {
  /** File with the certificate of the instance; needed for every call that is not insecure. */
  talosconfig?: string
  /** HOME of the tool, so that instances do not share state. */
  home?: string
}

export interface ReadOptions {
  /** A read repeated while waiting is logged once. */
  repeated?: boolean
  timeoutMs?: number
}

export interface GenerateConfig {
  name: string
  /** The virtual address; the endpoint becomes https://VIP:6443. */
  vip: string
  secretsFile: string
  folder: string
  /** "v1.34.1" or "1.34.1" */
  kubernetesVersion: string
  /** "v1.11.5" */
  talosVersion: string
}

/** Ends a read before the caller's page gives up: talosctl itself waits 20 s for a silent peer. */
const readTimeoutMs = 10_000
const changeTimeoutMs = 120_000

/** "v1.11.5" → "v1.11": what `gen config --talos-version` wants. */
function minorVersion(version: string): string {
  return version.split('.').slice(0, 2).join('.')
}

/**
 * talosctl, one method per command. Methods throw TOOL_MISSING, TIMEOUT or TOOL_FAILED; `talosFailure` tells the
 * reasons apart. Output that holds secrets is captured, never logged.
 */
export function createTalosctl(plainRun: RunTool, options: TalosctlOptions = {}) {
  const run = namingStrangers(plainRun, 'talosctl')
  const { talosconfig } = options
  const env: Record<string, string> = {
    ...(talosconfig ? { TALOSCONFIG: talosconfig } : {}),
    ...(options.home ? { HOME: options.home } : {}),
  }

  function call(args: string[], more: Partial<ToolCall> = {}) {
    return run({ tool: 'talosctl', args, env, ...more })
  }

  function secure(ip: string): string[] {
    if (!talosconfig)
      throw new WildError('NOT_FOUND', 'There is no Talos client certificate yet: set up a node first.', { ip })
    return ['--talosconfig', talosconfig, '--endpoints', ip, '--nodes', ip]
  }

  function to(target: TalosTarget): string[] {
    return target.insecure ? ['--nodes', target.ip, '--insecure'] : secure(target.ip)
  }

  async function get<T>(
    kind: string,
    spec: z.ZodType<T>,
    target: TalosTarget,
    read: ReadOptions = {},
  ): Promise<Resource<T>[]> {
    const args = ['get', kind, ...to(target), '-o', 'json']
    const { stdout } = await call(args, {
      captureOnly: true,
      repeated: read.repeated,
      timeoutMs: read.timeoutMs ?? readTimeoutMs,
    })
    return readOutput(plainRun, 'talosctl', () => parseResources(stdout, kind, spec))
  }

  return {
    ...changeCommands({ call, secure }),

    /** "v1.11.5"; undefined when it cannot be read from the answer. */
    async clientVersion() {
      return parseClientVersion((await call(['version', '--client', '--short'], { timeoutMs: readTimeoutMs })).stdout)
    },

    /** Makes the cluster's secrets. Refuses to overwrite a file. */
    async generateSecrets(file: string) {
      await call(['gen', 'secrets', '-o', file], { timeoutMs: changeTimeoutMs })
    },

    /** Writes controlplane.yaml, worker.yaml and talosconfig into a folder (mode 0644: the caller tightens it). */
    async generateConfig(config: GenerateConfig) {
      const args = ['gen', 'config', config.name, `https://${config.vip}:6443`]
      args.push('--with-secrets', config.secretsFile, '--output', config.folder)
      args.push('--kubernetes-version', config.kubernetesVersion.replace(/^v/, ''))
      args.push('--talos-version', minorVersion(config.talosVersion), '--with-docs=false', '--with-examples=false')
      await call(args, { timeoutMs: changeTimeoutMs })
    },

    /** Writes a talosconfig with a new client certificate, made from the cluster's secrets (mode 0644: the caller tightens it). */
    async generateTalosconfig(wanted: { name: string; vip: string; secretsFile: string; file: string }) {
      const args = ['gen', 'config', wanted.name, `https://${wanted.vip}:6443`, '--with-secrets', wanted.secretsFile]
      await call([...args, '--output-types', 'talosconfig', '--output', wanted.file], { timeoutMs: changeTimeoutMs })
    },

    /** The base configuration with a patch merged in, as text with one newline at its end. Holds secrets. */
    async patchConfig(base: string, patch: string) {
      const { stdout } = await call(['machineconfig', 'patch', base, '--patch', `@${patch}`], { captureOnly: true })
      return `${stdout.trimEnd()}\n`
    },

    /** Throws TOOL_FAILED with the tool's list of problems when a machine would refuse this configuration. */
    async validateConfig(file: string) {
      await call(['validate', '--config', file, '--mode', 'metal'])
    },

    /** Sets whom a talosconfig file dials. */
    async setEndpoints(file: string, ips: string[]) {
      await call(['config', 'endpoint', ...ips, '--talosconfig', file])
    },

    /** Sets whom a talosconfig file talks about when no node is named. */
    async setNodes(file: string, ips: string[]) {
      await call(['config', 'node', ...ips, '--talosconfig', file])
    },

    links: (target: TalosTarget, read?: ReadOptions) => get('links', linkSpec, target, read),
    addresses: (target: TalosTarget, read?: ReadOptions) => get('addresses', addressSpec, target, read),
    routes: (target: TalosTarget, read?: ReadOptions) => get('routes', routeSpec, target, read),
    disks: (target: TalosTarget, read?: ReadOptions) => get('disks', diskSpec, target, read),
    members: (target: TalosTarget, read?: ReadOptions) => get('members', memberSpec, target, read),
    services: (target: TalosTarget, read?: ReadOptions) => get('services', serviceSpec, target, read),
    extensions: (target: TalosTarget, read?: ReadOptions) => get('extensions', extensionSpec, target, read),
    discoveredVolumes: (target: TalosTarget, read?: ReadOptions) =>
      get('discoveredvolumes', discoveredVolumeSpec, target, read),

    async systemInformation(target: TalosTarget, read?: ReadOptions) {
      return (await get('systeminformation', systemInformationSpec, target, read))[0]?.spec
    },
    async machineStatus(target: TalosTarget, read?: ReadOptions) {
      return (await get('machinestatus', machineStatusSpec, target, read))[0]?.spec
    },
    async hostname(target: TalosTarget, read?: ReadOptions) {
      return (await get('hostname', hostnameSpec, target, read))[0]?.spec.hostname || undefined
    },
    /** The running Talos version. `talosctl version` does not work in maintenance mode; this resource does. */
    async version(target: TalosTarget, read?: ReadOptions) {
      return (await get('version', versionSpec, target, read))[0]?.spec.version || undefined
    },
    /** The disk Talos runs from; undefined until installed. */
    async systemDisk(target: TalosTarget, read?: ReadOptions) {
      return (await get('systemdisk', systemDiskSpec, target, read))[0]?.spec.devPath || undefined
    },

    /** The configuration a machine runs with, as YAML. It holds keys; only an administrator gets it. */
    async machineConfig(ip: string) {
      return (await get('machineconfig', machineConfigSpec, { ip }))[0]?.spec
    },

    /** Hands a configuration over. In maintenance mode the machine then installs to disk and restarts. */
    async applyConfig(target: TalosTarget, file: string) {
      await call(['apply-config', ...to(target), '--file', file], { timeoutMs: changeTimeoutMs })
    },

    /**
     * True when the machine already runs exactly this configuration. The diff holds secrets and comes on stderr, which
     * only a repeated read keeps out of the log.
     */
    async hasConfig(ip: string, file: string) {
      const args = ['apply-config', ...secure(ip), '--file', file, '--dry-run']
      const { stdout, stderr } = await call(args, { captureOnly: true, repeated: true, timeoutMs: 30_000 })
      return /No changes\./.test(`${stdout}\n${stderr}`)
    },

    /** Starts etcd on the first control plane machine. */
    async bootstrap(ip: string) {
      await call(['bootstrap', ...secure(ip)], { timeoutMs: changeTimeoutMs })
    },

    /** Writes an administrator's kubeconfig to a file (0600), replacing it. */
    async kubeconfig(ip: string, file: string) {
      await call(['kubeconfig', file, '--merge=false', '--force', ...secure(ip)], { timeoutMs: changeTimeoutMs })
    },

    async restartService(ip: string, service: string) {
      await call(['service', service, 'restart', ...secure(ip)], { timeoutMs: 60_000 })
    },

    /** Hands etcd's leadership to another member, where this machine has it. */
    async forfeitLeadership(ip: string) {
      await call(['etcd', 'forfeit-leadership', ...secure(ip)], { timeoutMs: 60_000 })
    },

    /** The machine leaves etcd for good. */
    async leaveEtcd(ip: string) {
      await call(['etcd', 'leave', ...secure(ip)], { timeoutMs: changeTimeoutMs })
    },

    /** Removes a member that is gone, by its id, asking a healthy one at `ip`. */
    async removeEtcdMember(ip: string, id: string) {
      await call(['etcd', 'remove-member', id, ...secure(ip)], { timeoutMs: 60_000 })
    },

    /** Members of etcd as this control plane machine knows them. */
    async etcdMembers(ip: string, read: ReadOptions = {}) {
      const args = ['etcd', 'members', ...secure(ip)]
      const { stdout } = await call(args, {
        captureOnly: true,
        repeated: read.repeated,
        timeoutMs: read.timeoutMs ?? readTimeoutMs,
      })
      return readOutput(plainRun, 'talosctl', () => parseEtcdMembers(stdout))
    },
  }
}

export type Talosctl = ReturnType<typeof createTalosctl>
