import { useNavigate } from '@solidjs/router'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { clusterText } from '../../strings/cluster.ts'
import { confirm } from '../../ui/confirm.tsx'
import { Button } from '../../ui/parts.tsx'
import { PlanView } from '../../ui/plan.tsx'

const texts = clusterText.reset

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
      title: texts.sure(props.instance),
      lines: texts.lines,
      action: texts.go,
      danger: true,
      word: props.instance,
      more: () => <PlanView of={{ type: 'cluster.reset', input }} />,
    })
    const done = sure && (await act(ResetMutation, input))
    if (done) navigate(`/operations/${done.resetCluster.operationId}`)
  }
  return (
    <section class="mt-8">
      <h2 class="font-semibold mb-2">{texts.title}</h2>
      <p class="text-quiet mb-3">{texts.about}</p>
      <Button kind="danger" onClick={reset}>
        {texts.start}
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
      title: texts.nodeSure(node),
      lines: texts.nodeLines,
      action: texts.nodeGo,
      danger: true,
      word: node,
      more: () => <PlanView of={{ type: 'node.reset', input }} />,
    })
    const done = sure && (await act(ResetNodeMutation, input))
    if (done) navigate(`/operations/${done.resetNode.operationId}`)
  }
}
