import { useNavigate } from '@solidjs/router'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { confirm } from '../../ui/confirm.tsx'
import { Button } from '../../ui/parts.tsx'
import { PlanView } from '../../ui/plan.tsx'

const ResetMutation = graphql(`
  mutation ResetCluster($instance: String!) { resetCluster(instance: $instance, confirm: true) { operationId } }
`)
const ResetNodeMutation = graphql(`
  mutation ResetNode($instance: String!, $node: String!) {
    resetNode(instance: $instance, node: $node, confirm: true) { operationId }
  }
`)

/** Wipes every machine, after the name of the instance was typed. */
export function ResetCluster(props: { instance: string }) {
  const navigate = useNavigate()
  async function reset(): Promise<void> {
    const input = { instance: props.instance }
    const sure = await confirm({
      title: `Wipe every machine of ${props.instance}?`,
      lines: [
        'Everything the apps stored on these machines is lost, and so is everything in the cluster.',
        'Keys and a snapshot of etcd are saved first. Settings stay: the cluster can be built again.',
      ],
      action: 'Wipe the machines',
      danger: true,
      word: props.instance,
      more: () => <PlanView of={{ type: 'cluster.reset', input }} />,
    })
    const done = sure && (await act(ResetMutation, input))
    if (done) navigate(`/operations/${done.resetCluster.operationId}`)
  }
  return (
    <section class="mt-8">
      <h2 class="font-semibold mb-2">Start over</h2>
      <p class="text-quiet mb-3">
        Resets every machine to an empty one that waits to be set up. For one machine alone, see the nodes.
      </p>
      <Button kind="danger" onClick={reset}>
        Reset the cluster…
      </Button>
    </section>
  )
}

/** Wipes one node, after its name was typed; it stays written down. */
export function createNodeReset() {
  const navigate = useNavigate()
  return async (instance: string, node: string): Promise<void> => {
    const input = { instance, node }
    const sure = await confirm({
      title: `Wipe ${node}?`,
      lines: [
        'Its pods move to other nodes, it leaves etcd, and its machine forgets its configuration and data.',
        'What is written down about it stays: it can be set up again.',
      ],
      action: 'Wipe the node',
      danger: true,
      word: node,
      more: () => <PlanView of={{ type: 'node.reset', input }} />,
    })
    const done = sure && (await act(ResetNodeMutation, input))
    if (done) navigate(`/operations/${done.resetNode.operationId}`)
  }
}
