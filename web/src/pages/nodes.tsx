import { A, useNavigate, useParams } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { act } from '../graphql/act.ts'
import { graphql } from '../graphql/graphql.ts'
import { about, createLiveQuery } from '../graphql/live-query.ts'
import { nodesText as texts } from '../strings/nodes.ts'
import { confirm } from '../ui/confirm.tsx'
import { Button, Empty, Loaded, Notice, PageHeader } from '../ui/parts.tsx'
import { PlanView, PreviewButton } from '../ui/plan.tsx'
import { Running } from '../ui/running.tsx'
import { NodeCard } from './nodes/card.tsx'
import { Machines } from './nodes/machines.tsx'

const NodesQuery = graphql(`
  query Nodes($instance: String!) {
    instance(instance: $instance) { status }
    nodeWarnings(instance: $instance)
    nodes(instance: $instance) { name role status reason maintenance ip targetIp interface disk diskSerial version }
    machines(instance: $instance) {
      mac ip state hostname manufacturer product serial uuid problem instance node selectedDisk selectedDiskReason
      interface interfaceReason interfaces { name mac addresses up speed defaultRoute }
      disks { path size model unsuitable holds }
    }
  }
`)
const DiscoverMutation = graphql(
  'mutation Discover($instance: String!) { discoverNodes(instance: $instance) { operationId } }',
)
const SetupMutation = graphql(
  'mutation SetupNode($instance: String!, $node: String!) { setupNode(instance: $instance, node: $node) { operationId } }',
)

const RemoveMutation = graphql(`
  mutation RemoveNode($instance: String!, $node: String!, $gone: Boolean!) {
    removeNode(instance: $instance, node: $node, gone: $gone) { operationId }
  }
`)
const ForgetMutation = graphql(
  'mutation ForgetNode($instance: String!, $node: String!) { forgetNode(instance: $instance, node: $node) }',
)

interface NodeRow {
  name: string
  maintenance: boolean
  status: string
  disk: string | null
  diskSerial: string | null
}

export default function NodesPage() {
  const params = useParams<{ instance: string }>()
  const navigate = useNavigate()
  const query = createLiveQuery(
    NodesQuery,
    () => ({ instance: params.instance }),
    about(() => params.instance),
  )

  async function discover(): Promise<void> {
    const done = await act(DiscoverMutation, { instance: params.instance })
    if (done) navigate(`/operations/${done.discoverNodes.operationId}`)
  }

  async function setup(node: NodeRow): Promise<void> {
    const what = { type: 'node.setup', input: { instance: params.instance, node: node.name } }
    const question = node.maintenance ? erasing(node) : again(node)
    const yes = await confirm({ ...question, more: () => <PlanView of={what} /> })
    if (!yes) return
    const done = await act(SetupMutation, { instance: params.instance, node: node.name })
    if (done) navigate(`/operations/${done.setupNode.operationId}`)
  }

  /** One that was set up leaves the cluster first; one that was only written down is forgotten. */
  async function remove(node: NodeRow): Promise<void> {
    if (node.maintenance && node.status !== 'removing') {
      const yes = await confirm({
        title: texts.forgetTitle(node.name),
        lines: texts.forgetLines,
        action: texts.forgetGo,
      })
      if (yes) await act(ForgetMutation, { instance: params.instance, node: node.name })
      return
    }
    const gone = node.status === 'unreachable'
    const input = { instance: params.instance, node: node.name, gone }
    const yes = await confirm({
      title: texts.removeTitle(node.name),
      lines: gone ? texts.removeGoneLines : texts.removeLines,
      action: texts.removeGo,
      danger: true,
      word: node.name,
      more: () => <PlanView of={{ type: 'node.remove', input }} />,
    })
    if (!yes) return
    const done = await act(RemoveMutation, input)
    if (done) navigate(`/operations/${done.removeNode.operationId}`)
  }

  /** From the page of machines: several at once, watched here. */
  async function start(names: string[]): Promise<void> {
    for (const node of names) if (!(await act(SetupMutation, { instance: params.instance, node }))) return
  }

  return (
    <>
      <PageHeader title={texts.title} about={texts.about}>
        <Show when={query.data}>
          {(data) => (
            <>
              <PreviewButton of={{ type: 'node.discover', input: { instance: params.instance } }} go={discover} />
              <Button kind={data().nodes.length || data().machines.length ? 'plain' : 'main'} onClick={discover}>
                {texts.find}
              </Button>
            </>
          )}
        </Show>
      </PageHeader>
      <Running instance={params.instance} />
      <Loaded query={query}>
        {(data) => (
          <>
            <Show when={data.nodes.length === 0 && data.machines.length === 0}>
              <Empty title={texts.none} icon="nodes">
                {texts.noneAbout}
              </Empty>
            </Show>
            <Show when={data.instance.status === 'configured' && data.nodes.every(({ maintenance }) => !maintenance)}>
              <div class="mb-5">
                <Notice tone="accent">
                  {texts.allSetUp}{' '}
                  <A class="link" href={`/instances/${params.instance}/cluster`}>
                    {texts.bootstrap}
                  </A>
                </Notice>
              </div>
            </Show>
            <For each={data.nodeWarnings}>
              {(warning) => (
                <div class="mb-5">
                  <Notice tone="warn">{warning}</Notice>
                </div>
              )}
            </For>
            <ul class="grid gap-3">
              <For each={data.nodes}>
                {(node) => (
                  <NodeCard
                    instance={params.instance}
                    node={node}
                    machine={data.machines.find((one) => one.instance === params.instance && one.node === node.name)}
                    onSetup={() => setup(node)}
                    onRemove={() => remove(node)}
                  />
                )}
              </For>
            </ul>
            <Machines
              machines={data.machines.filter((machine) => !machine.node)}
              instance={params.instance}
              taken={data.nodes.map(({ name }) => name)}
              onAssigned={start}
            />
          </>
        )}
      </Loaded>
    </>
  )
}

function erasing(node: NodeRow) {
  return {
    title: texts.eraseTitle(node.name),
    lines: texts.eraseLines(node.disk, node.diskSerial),
    action: texts.eraseGo,
    danger: true,
  }
}

function again(node: NodeRow) {
  return { title: texts.againTitle(node.name), lines: texts.againLines(node.disk), action: texts.againGo }
}
