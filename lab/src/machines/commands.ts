import type { Lan } from './lan.ts'
import { applyConfig } from './orders/apply-config.ts'
import { bootstrap } from './orders/bootstrap.ts'
import { copyFile, etcdSnapshot } from './orders/etcd-data.ts'
import { etcdMembers, forfeitLeadership, leaveEtcd, removeMember } from './orders/etcd-members.ts'
import { kubeconfigOf } from './orders/kubeconfig.ts'
import { reboot, reset, rollback, shutDown, upgrade } from './orders/power.ts'
import { readProcFile } from './orders/proc-files.ts'
import { upgradeKubernetes } from './orders/upgrade-kubernetes.ts'
import type { ConfiguredMachine, Reached } from './reach.ts'
import { getResources } from './resources/index.ts'
import { RpcError } from './rpc-error.ts'
import { servicesOf } from './services.ts'

export type Params = Record<string, unknown>

const text = (params: Params, key: string): string => String(params[key] ?? '')
const optional = (params: Params, key: string): string | undefined =>
  params[key] === undefined ? undefined : String(params[key])

/** Commands that machines in maintenance mode answer too; the others are refused there. */
const IN_MAINTENANCE = new Set(['get', 'apply-config'])
/** Commands that change nothing and tell no secret. */
const FOR_READERS = new Set(['get', 'version', 'service', 'etcd-members'])

/** Does on the reached machine what the stand-in asks for. Throws RpcError with the real refusal. */
export async function runCommand(
  lan: Lan,
  { machine, role }: Reached,
  command: string,
  params: Params,
): Promise<unknown> {
  if (machine.facts === undefined && !IN_MAINTENANCE.has(command))
    throw new RpcError('Unimplemented', 'API is not implemented in maintenance mode')
  if (machine.facts !== undefined && role !== 'admin' && !FOR_READERS.has(command))
    throw new RpcError('PermissionDenied', 'not authorized')
  const configured = machine as ConfiguredMachine
  switch (command) {
    case 'get':
      return getResources(machine, lan, text(params, 'type'), optional(params, 'id'), role)
    case 'version':
      return { tag: machine.record.talosVersion }
    case 'apply-config':
      return applyConfig(lan, machine, {
        config: text(params, 'config'),
        mode: text(params, 'mode'),
        dryRun: params.dryRun === true,
      })
    case 'bootstrap':
      return bootstrap(lan, configured, {
        recoverFrom: params.snapshot === undefined ? undefined : Buffer.from(text(params, 'snapshot'), 'base64'),
        skipHashCheck: params.skipHashCheck === true,
      })
    case 'kubeconfig':
      return kubeconfigOf(configured)
    case 'service':
      return services(lan, configured, optional(params, 'id'), optional(params, 'action'), role)
    case 'etcd-members':
      return etcdMembers(lan, configured)
    case 'etcd-snapshot':
      return etcdSnapshot(lan, configured).toString('base64')
    case 'copy':
      return copyFile(lan, configured, text(params, 'path')).toString('base64')
    case 'etcd-leave':
      return leaveEtcd(lan, configured)
    case 'etcd-forfeit-leadership':
      return forfeitLeadership(lan, configured)
    case 'etcd-remove-member':
      return removeMember(lan, configured, text(params, 'member'))
    case 'reboot':
      return reboot(lan, machine)
    case 'shutdown':
      return shutDown(lan, machine)
    case 'upgrade':
      return upgrade(lan, configured, { image: text(params, 'image') })
    case 'rollback':
      return rollback(lan, configured)
    case 'upgrade-k8s':
      return upgradeKubernetes(lan, configured, {
        to: text(params, 'to'),
        from: optional(params, 'from'),
        kubelet: params.kubelet !== false,
        dryRun: params.dryRun === true,
      })
    case 'read':
      return readProcFile(lan, configured, text(params, 'path'))
    case 'reset':
      return reset(lan, configured, {
        graceful: params.graceful !== false,
        reboot: params.reboot === true,
        labels: (params.labels as string[] | undefined) ?? [],
      })
    default:
      throw new RpcError('Unimplemented', `unknown method ${command}`)
  }
}

function services(
  lan: Lan,
  machine: ConfiguredMachine,
  id: string | undefined,
  action: string | undefined,
  role: Reached['role'],
): unknown {
  const now = lan.clock.now()
  const all = servicesOf(machine, now).map((one) => ({ ...one, ageSeconds: Math.floor((now - one.since) / 1000) }))
  if (id === undefined) return all
  const found = all.filter((one) => one.id === id)
  if (action === undefined || found.length === 0) return found
  if (role !== 'admin') throw new RpcError('PermissionDenied', 'not authorized')
  return {
    message: `Service "${id}" ${action === 'restart' ? 'restarted' : action === 'start' ? 'started' : 'stopped'}`,
  }
}
