import type { KubernetesNode } from './kubernetes-nodes.ts'
import type { NodeRecord, NodeStatus } from './model.ts'

/** What was found out about one node just now. */
export interface NodeFacts {
  record: NodeRecord
  /** A running operation that holds the node. */
  busy?: 'applying' | 'removing'
  bootstrapped: boolean
  /** The Kubernetes node; `unknown` when the API does not answer. */
  kubernetes?: KubernetesNode | 'unknown'
  /** Does the machine API answer at its address? */
  answers?: boolean
}

export interface NodeState {
  status: NodeStatus
  /** Why, for a person. */
  reason: string
}

function hasHardware(record: NodeRecord): boolean {
  return Boolean(record.interface && record.disk && record.targetIp)
}

/** The one place that decides a node's status. */
export function nodeState(facts: NodeFacts): NodeState {
  const { record } = facts
  if (facts.busy === 'removing') return { status: 'removing', reason: 'It is being removed.' }
  if (facts.busy) return { status: 'applying', reason: 'It is being set up.' }
  if (record.removing)
    return {
      status: 'removing',
      reason: `It was told to reset and is not removed yet. Go on with: wild-cli node remove ${record.name}`,
    }
  if (!hasHardware(record)) return { status: 'discovered', reason: 'Its interface, disk or address is not known yet.' }
  if (record.maintenance !== false)
    return { status: 'configured', reason: 'Its configuration was not handed over yet.' }
  const member = facts.kubernetes
  if (member && member !== 'unknown') {
    if (member.ready) return { status: 'ready', reason: '' }
    if (facts.answers === false) return { status: 'unreachable', reason: `It does not answer at ${record.targetIp}.` }
    return { status: 'not_ready', reason: `Kubernetes says: ${member.reason}` }
  }
  if (!facts.answers) return { status: 'unreachable', reason: `It does not answer at ${record.targetIp}.` }
  if (!facts.bootstrapped)
    return { status: 'not_ready', reason: 'It runs and waits for the cluster to be bootstrapped.' }
  if (member === 'unknown')
    return { status: 'not_ready', reason: 'The machine answers, but the Kubernetes API does not.' }
  return { status: 'not_ready', reason: 'It runs but has not joined the cluster yet.' }
}
