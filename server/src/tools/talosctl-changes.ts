import { basename, join } from 'node:path'
import type { ToolCall, ToolResult } from '../platform/run-tool.ts'

/** What the commands below need of `createTalosctl`. */
export interface TalosctlCalls {
  call(args: string[], more?: Partial<ToolCall>): Promise<ToolResult>
  /** Flags that address one machine by certificate. */
  secure(ip: string): string[]
}

const orderTimeoutMs = 120_000
const readTimeoutMs = 10_000
/** A database of some gigabytes over a slow network. */
const snapshotTimeoutMs = 15 * 60_000
/** Where Talos keeps what etcd holds. */
const etcdDatabase = '/var/lib/etcd/member/snap/db'
/** Pulling images of all components on all nodes. */
const kubernetesTimeoutMs = 60 * 60_000

/** Partitions of a machine: STATE holds its configuration, EPHEMERAL its data (etcd, images, pods). */
export type WipedPartition = 'STATE' | 'EPHEMERAL'

/** Commands of talosctl that change a running machine or cluster. Orders return when they were taken. */
export function changeCommands({ call, secure }: TalosctlCalls) {
  const order = (args: string[]) => call(args, { timeoutMs: orderTimeoutMs })
  return {
    /** Saves what etcd holds to a file (mode 0644: the caller's folder must be private); what the tool told of it. */
    async etcdSnapshot(ip: string, file: string) {
      const { stdout } = await call(['etcd', 'snapshot', file, ...secure(ip)], { timeoutMs: snapshotTimeoutMs })
      const info = /revision (\d+), total keys (\d+)/.exec(stdout)
      return { revision: Number(info?.[1] ?? 0), keys: Number(info?.[2] ?? 0) }
    },

    /** Copies the database of etcd off the disk of a machine into a folder, which is made; the path of the copy. */
    async copyEtcd(ip: string, folder: string) {
      await call(['copy', etcdDatabase, folder, ...secure(ip)], { timeoutMs: snapshotTimeoutMs })
      return join(folder, basename(etcdDatabase))
    },

    /** Starts etcd on an empty control plane machine with what a snapshot holds; one that was copied carries no checksum. */
    async recoverEtcd(ip: string, file: string, { copied = false }: { copied?: boolean } = {}) {
      const unchecked = copied ? ['--recover-skip-hash-check'] : []
      await call(['bootstrap', ...secure(ip), '--recover-from', file, ...unchecked], { timeoutMs: snapshotTimeoutMs })
    },

    /** State of a service in talosctl's words: `Running`, `Preparing`, `Waiting`… Undefined when it tells none. */
    async serviceState(ip: string, service: string) {
      const { stdout } = await call(['service', service, ...secure(ip)], { repeated: true, timeoutMs: readTimeoutMs })
      return /^STATE\s+(\S+)/m.exec(stdout)?.[1]
    },

    /** A small file of a running machine. */
    async read(ip: string, path: string) {
      return (await call(['read', path, ...secure(ip)], { repeated: true, timeoutMs: readTimeoutMs })).stdout
    },

    /**
     * Wipes partitions and restarts; with STATE wiped the machine comes back in maintenance mode. Draining and leaving etcd
     * is the caller's work, unless `graceful`: then the machine does it. Returns when the order was taken.
     */
    async wipe(ip: string, partitions: WipedPartition[], { graceful = false }: { graceful?: boolean } = {}) {
      const labels = partitions.flatMap((label) => ['--system-labels-to-wipe', label])
      await order(['reset', ...secure(ip), `--graceful=${graceful}`, '--reboot', '--wait=false', ...labels])
    },

    async reboot(ip: string) {
      await order(['reboot', ...secure(ip), '--wait=false'])
    },

    /** Switches a machine off. It moves its pods first unless `force`. */
    async shutDown(ip: string, force: boolean) {
      await order(['shutdown', ...secure(ip), '--wait=false', ...(force ? ['--force'] : [])])
    },

    /** Writes an installer image to the boot slot that is not running and restarts into it; the machine drains itself. */
    async upgrade(ip: string, image: string) {
      await order(['upgrade', ...secure(ip), '--image', image, '--wait=false'])
    },

    /** Restarts into the other boot slot: the Talos before the last upgrade. */
    async rollBack(ip: string) {
      await order(['rollback', ...secure(ip)])
    },

    /** Brings Kubernetes of the whole cluster to a version ("v1.34.1" or "1.34.1"), asking one control plane; its words. */
    async upgradeKubernetes(ip: string, to: string, options: { dryRun?: boolean } = {}) {
      const args = [
        'upgrade-k8s',
        ...secure(ip),
        '--to',
        to.replace(/^v/, ''),
        ...(options.dryRun ? ['--dry-run'] : []),
      ]
      return (await call(args, { timeoutMs: kubernetesTimeoutMs })).stdout
    },

    /** What applying a configuration would change: the machine's words, with a diff that holds secrets. */
    async applyDryRun(ip: string, file: string) {
      const args = ['apply-config', ...secure(ip), '--file', file, '--dry-run']
      const { stdout, stderr } = await call(args, { captureOnly: true, repeated: true, timeoutMs: 30_000 })
      return `${stdout}\n${stderr}`.trim()
    },
  }
}
