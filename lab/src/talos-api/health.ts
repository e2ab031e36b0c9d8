import type { Lan } from '../machines/lan.ts'
import { isReady, isRegistered, type Machine } from '../machines/life.ts'
import type { Reached } from '../machines/reach.ts'
import { RpcError } from '../machines/rpc-error.ts'
import { machineStatus } from '../machines/services.ts'
import type { Message } from './messages.ts'

const DEFAULT_WAIT_SECONDS = 1200
type Holds = (machine: Machine, now: number) => boolean

const isControlPlane = ({ facts }: Machine): boolean => facts?.role === 'controlplane'
const onControlPlanes =
  (holds: Holds): Holds =>
  (machine, now) =>
    !isControlPlane(machine) || (machine.up && holds(machine, now))
const etcdRuns = onControlPlanes((machine, now) => now >= machine.etcdFrom)
const apiRuns = onControlPlanes((machine, now) => now >= machine.apiFrom)
const isUp: Holds = ({ up }) => up

/** What `talosctl health` waits for, in its order; each has to hold for every machine of the cluster. */
const checks: [string, Holds][] = [
  ['etcd to be healthy', etcdRuns],
  ['etcd members to be consistent across nodes', etcdRuns],
  ['etcd members to be control plane nodes', etcdRuns],
  ['apid to be ready', isUp],
  ['all nodes memory sizes', isUp],
  ['all nodes disk sizes', isUp],
  ['no diagnostics', isUp],
  ['kubelet to be healthy', (machine, now) => machine.up && now >= machine.registeredFrom],
  [
    'all nodes to finish boot sequence',
    (machine, now) => machine.up && machineStatus(machine, now).stage === 'running',
  ],
  ['all k8s nodes to report', isRegistered],
  ['all control plane static pods to be running', apiRuns],
  ['all control plane components to be ready', apiRuns],
  ['all k8s nodes to report ready', isReady],
  ['kube-proxy to report ready', isReady],
  ['coredns to report ready', isReady],
  ['all k8s nodes to report schedulable', isReady],
]

/**
 * Looks at a cluster from one of its control planes until every check holds, telling what it waits for. Throws RpcError:
 * DeadlineExceeded after the caller's `wait_timeout`, Unimplemented where the machine has no cluster.
 */
export async function healthCheck(
  lan: Lan,
  { machine }: Reached,
  request: Message,
  say: (message: string) => void,
): Promise<void> {
  const { facts } = machine
  if (facts === undefined) throw new RpcError('Unimplemented', 'API is not implemented in maintenance mode')
  const named: string[] = [
    ...(request.cluster_info?.control_plane_nodes ?? []),
    ...(request.cluster_info?.worker_nodes ?? []),
  ]
  const nodes = (): Machine[] =>
    lan
      .machines()
      .filter((one) => one.facts?.clusterId === facts.clusterId)
      .filter((one) => named.length === 0 || one.addresses.some((address) => named.includes(address)))
  say(`discovered nodes: ${JSON.stringify(nodes().map(({ addresses }) => addresses[0]))}`)
  const deadline = Date.now() + Number(request.wait_timeout?.seconds || DEFAULT_WAIT_SECONDS) * 1_000
  for (const [name, holds] of checks) {
    say(`waiting for ${name}: ...`)
    let told = ''
    await until(lan, deadline, () => {
      const now = lan.clock.now()
      const waiting = nodes().filter((one) => !holds(one, now))
      if (waiting.length === 0) return true
      const trouble = `not yet on ${waiting.map(({ addresses }) => addresses[0]).join(', ')}`
      if (trouble !== told) say(`waiting for ${name}: ${trouble}`)
      told = trouble
      return false
    })
    say(`waiting for ${name}: OK`)
  }
}

function until(lan: Lan, deadline: number, holds: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let cancel = (): void => {}
    const timer = setTimeout(() => {
      cancel()
      reject(new RpcError('DeadlineExceeded', 'context deadline exceeded'))
    }, deadline - Date.now())
    const look = (): void => {
      if (!holds()) return
      clearTimeout(timer)
      cancel()
      resolve()
    }
    cancel = lan.onChange(look)
    look()
  })
}
