import { exists } from '../../platform/atomic-file.ts'
import { createSingleFlight } from '../../platform/single-flight.ts'
import { createKubectl } from '../../tools/kubectl.ts'
import type { NodesDeps } from './deps.ts'
import { type KubernetesNode, readKubernetesNodes } from './kubernetes-nodes.ts'
import type { NodeRecord } from './model.ts'
import { type NodeFacts, type NodeState, nodeState } from './status.ts'
import { talosPort, tcpOpen } from './tcp-probe.ts'

/** How long one look serves everybody who asks, ms. */
const shareMs = 1_500
const probeMs = 1_000

export interface NodeView extends NodeState {
  record: NodeRecord
}

/** How things stand right now. Short timeouts and one look for all askers: a dead node must not hang a page. */
export interface LiveNodes {
  views(instance: string, records: NodeRecord[]): Promise<NodeView[]>
  /** Kubernetes nodes; `unknown` when the API does not answer, undefined before the cluster was bootstrapped. */
  kubernetes(instance: string): Promise<KubernetesNode[] | 'unknown' | undefined>
  /** The same, read now: for decisions. */
  kubernetesNow(instance: string): Promise<KubernetesNode[] | 'unknown' | undefined>
}

/** Live reads over kubectl and plain TCP. */
export function createLiveNodes(deps: Pick<NodesDeps, 'paths' | 'reads' | 'operations'>): LiveNodes {
  async function readKubernetes(instance: string): Promise<KubernetesNode[] | 'unknown' | undefined> {
    const { kubeconfig, home } = deps.paths.instance(instance)
    if (!(await exists(kubeconfig))) return undefined
    try {
      return readKubernetesNodes(await createKubectl(deps.reads, { kubeconfig, home }).get('nodes'))
    } catch {
      return 'unknown'
    }
  }

  const shared = createSingleFlight()
  const kubernetes = (instance: string) => shared(`kubernetes/${instance}`, shareMs, () => readKubernetes(instance))
  const answers = (ip: string) => shared(`answers/${ip}`, shareMs, () => tcpOpen(ip, talosPort, probeMs))

  function busy(instance: string, name: string): NodeFacts['busy'] {
    const holders = deps.operations.holders(`instances/${instance}/nodes/${name}`)
    for (const id of holders) {
      const { type } = deps.operations.get(id)
      if (type === 'node.setup') return 'applying'
      if (type === 'node.remove') return 'removing'
    }
    return undefined
  }

  return {
    kubernetes,
    kubernetesNow: readKubernetes,
    async views(instance, records) {
      const members = await kubernetes(instance)
      return Promise.all(
        records.map(async (record) => {
          const member = members === 'unknown' ? members : members?.find(({ name }) => name === record.name)
          const applied = record.maintenance === false && record.targetIp
          const healthy = member !== undefined && member !== 'unknown' && member.ready
          const facts: NodeFacts = {
            record,
            busy: busy(instance, record.name),
            bootstrapped: members !== undefined,
            kubernetes: member,
            answers: applied && !healthy ? await answers(record.targetIp!) : undefined,
          }
          return { record, ...nodeState(facts) }
        }),
      )
    },
  }
}
