import { basename } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Params } from '../machines/commands.ts'
import type { EtcdMember } from '../machines/orders/etcd-members.ts'
import { RpcError } from '../machines/rpc-error.ts'
import { CLIENT_SHA, GO_VERSION } from '../talosctl/client-version.ts'
import { type Message, timestamp } from './messages.ts'
import { tarOf } from './tar.ts'

/** How an rpc becomes a command of the machine model, and its result a message. */
export interface Order {
  command: string
  /** `upload`: what the caller sent to this machine before by EtcdRecover. */
  params?(request: Message, upload: Buffer | undefined): Params
  /** Fields of the answer besides `metadata`; of a stream, those of each message. */
  // biome-ignore lint/suspicious/noExplicitAny: each command has a result of its own
  answer?(result: any, request: Message): Message | Message[]
}

interface ServiceState {
  id: string
  state: string
  healthy: boolean
  unknown: boolean
  since: number
}

const CHUNK = 65_536
const actorId = (): string => crypto.randomUUID()
const modeOf = (mode: string): string => mode.toLowerCase().replace('_', '-')
const MODES = [
  [/^Staged/, 'STAGED'],
  [/with a reboot/, 'REBOOT'],
  [/without a reboot/, 'NO_REBOOT'],
] as const

const serviceAction = (action: 'start' | 'stop' | 'restart'): Order => ({
  command: 'service',
  params: ({ id }) => ({ id, action }),
  answer: ({ message }) => ({ resp: message }),
})

/** machine.MachineService, each rpc by the command of the machine model that does it. */
export const machineOrders: Record<string, Order> = {
  ApplyConfiguration: {
    command: 'apply-config',
    params: ({ data, mode, dry_run }) => ({
      config: Buffer.from(data).toString('utf8'),
      mode: modeOf(mode),
      dryRun: dry_run,
    }),
    answer: (said: string, { mode }) => ({
      mode: MODES.find(([words]) => words.test(said))?.[1] ?? mode,
      mode_details: said,
    }),
  },
  Bootstrap: {
    command: 'bootstrap',
    params: ({ recover_etcd, recover_skip_hash_check }, upload) => {
      if (!recover_etcd) return {}
      if (!upload) throw new RpcError('FailedPrecondition', 'etcd snapshot is not uploaded')
      return { snapshot: upload.toString('base64'), skipHashCheck: recover_skip_hash_check }
    },
  },
  Copy: {
    command: 'copy',
    params: ({ root_path }) => ({ path: root_path }),
    answer: (base64: string, { root_path }) =>
      chunks(gzipSync(tarOf(basename(root_path), Buffer.from(base64, 'base64')))),
  },
  EtcdForfeitLeadership: { command: 'etcd-forfeit-leadership' },
  EtcdLeaveCluster: { command: 'etcd-leave' },
  EtcdMemberList: {
    command: 'etcd-members',
    answer: (members: EtcdMember[]) => ({
      legacy_members: members.map(({ hostname }) => hostname),
      members: members.map((one) => ({
        id: BigInt(`0x${one.id}`).toString(),
        hostname: one.hostname,
        peer_urls: [one.peerUrls],
        client_urls: [one.clientUrls],
        is_learner: one.learner,
      })),
    }),
  },
  EtcdRemoveMemberByID: {
    command: 'etcd-remove-member',
    params: ({ member_id }) => ({ member: BigInt(member_id).toString(16).padStart(16, '0') }),
  },
  EtcdSnapshot: {
    command: 'etcd-snapshot',
    answer: (base64: string) => chunks(Buffer.from(base64, 'base64')),
  },
  Kubeconfig: {
    command: 'kubeconfig',
    answer: (text: string) => ({ bytes: gzipSync(tarOf('kubeconfig', Buffer.from(text))) }),
  },
  Read: {
    command: 'read',
    params: ({ path }) => ({ path }),
    answer: (text: string) => chunks(Buffer.from(text)),
  },
  Reboot: { command: 'reboot', answer: () => ({ actor_id: actorId() }) },
  Reset: {
    command: 'reset',
    params: ({ graceful, reboot, system_partitions_to_wipe }) => ({
      graceful,
      reboot,
      labels: (system_partitions_to_wipe as Message[]).filter(({ wipe }) => wipe).map(({ label }) => label),
    }),
    answer: () => ({ actor_id: actorId() }),
  },
  Rollback: { command: 'rollback' },
  ServiceList: {
    command: 'service',
    answer: (services: ServiceState[]) => ({ services: services.map(serviceInfo) }),
  },
  ServiceRestart: serviceAction('restart'),
  ServiceStart: serviceAction('start'),
  ServiceStop: serviceAction('stop'),
  Shutdown: { command: 'shutdown', answer: () => ({ actor_id: actorId() }) },
  Upgrade: {
    command: 'upgrade',
    params: ({ image, stage, force }) => ({ image, stage, force }),
    answer: () => ({ ack: 'Upgrade request received', actor_id: actorId() }),
  },
  Version: {
    command: 'version',
    answer: ({ tag }) => ({
      version: { tag, sha: CLIENT_SHA, built: '', go_version: GO_VERSION, os: 'linux', arch: 'amd64' },
      platform: { name: 'metal', mode: 'metal' },
      features: { rbac: true },
    }),
  },
}

/** A file as the messages that carry it. */
function chunks(content: Buffer): Message[] {
  const count = Math.max(1, Math.ceil(content.length / CHUNK))
  return Array.from({ length: count }, (_, index) => ({ bytes: content.subarray(index * CHUNK, (index + 1) * CHUNK) }))
}

/** storage.StorageService: what a machine's disks were called before COSI. */
export const storageOrders: Record<string, Order> = {
  Disks: {
    command: 'get',
    params: () => ({ type: 'disks' }),
    answer: (documents: { spec: Message }[]) => ({ disks: documents.map(({ spec }) => diskOf(spec)) }),
  },
}

function diskOf(spec: Message): Message {
  const type = spec.cdrom ? 'CD' : spec.transport === 'nvme' ? 'NVME' : spec.rotational ? 'HDD' : 'SSD'
  return {
    size: String(spec.size),
    model: spec.model ?? '',
    device_name: spec.dev_path,
    serial: spec.serial ?? '',
    modalias: spec.modalias ?? '',
    wwid: spec.wwid ?? '',
    type,
    bus_path: spec.bus_path,
    subsystem: spec.sub_system,
    readonly: spec.readonly,
  }
}

function serviceInfo({ id, state, healthy, unknown, since }: ServiceState): Message {
  const ts = timestamp(since)
  const said =
    state !== 'Running' ? `Service is ${state.toLowerCase()}` : `Health check ${healthy ? 'successful' : 'failed'}`
  return {
    id,
    state,
    events: { events: [{ msg: said, state, ts }] },
    health: { unknown, healthy, last_message: '', last_change: ts },
  }
}
