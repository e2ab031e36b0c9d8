import { A, useNavigate, useParams } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { act } from '../graphql/act.ts'
import { graphql } from '../graphql/graphql.ts'
import { about, createLiveQuery } from '../graphql/live-query.ts'
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
        title: `Forget ${node.name}?`,
        lines: ['It was never set up: only what is written down about it goes. Its machine can become another node.'],
        action: 'Forget it',
      })
      if (yes) await act(ForgetMutation, { instance: params.instance, node: node.name })
      return
    }
    const gone = node.status === 'unreachable'
    const input = { instance: params.instance, node: node.name, gone }
    const yes = await confirm({
      title: `Take ${node.name} out of the cluster?`,
      lines: gone ? withoutMachine : withMachine,
      action: 'Remove the node',
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
      <PageHeader
        title="Nodes"
        about="The machines of this cluster. Boot a machine from Talos on this network, find it, give it a name, set it up."
      >
        <Show when={query.data}>
          {(data) => (
            <>
              <PreviewButton of={{ type: 'node.discover', input: { instance: params.instance } }} go={discover} />
              <Button kind={data().nodes.length || data().machines.length ? 'plain' : 'main'} onClick={discover}>
                Find machines
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
              <Empty title="No nodes yet">Find the machines on this network first; then give each a name.</Empty>
            </Show>
            <Show when={data.instance.status === 'configured' && data.nodes.every(({ maintenance }) => !maintenance)}>
              <div class="mb-5">
                <Notice tone="accent">
                  The machines are set up.{' '}
                  <A class="link" href={`/instances/${params.instance}/cluster`}>
                    Bootstrap the cluster
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

const withMachine = [
  'Its pods move to other nodes, it leaves etcd, and its machine forgets its configuration and data.',
  'The machine is free for something else afterwards.',
]
const withoutMachine = [
  'Its machine does not answer. It is taken out without it: what needs the machine is left out.',
  'If the machine is only switched off, switch it on first: coming back later, it would still have the secrets of this cluster.',
]

function erasing(node: NodeRow) {
  return {
    title: `Set up ${node.name} and erase its disk?`,
    lines: [
      `Talos is installed to ${node.disk ?? 'its disk'}${node.diskSerial ? ` (serial ${node.diskSerial})` : ''}. Everything on that disk is lost.`,
    ],
    action: 'Erase and set up',
    danger: true,
  }
}

function again(node: NodeRow) {
  return {
    title: `Set up ${node.name} again?`,
    lines: [
      'What is done already is skipped: a running node only gets its configuration again and keeps its data.',
      `If the machine was reset and waits for a configuration, Talos is installed to ${node.disk ?? 'its disk'} again and everything on that disk is lost.`,
    ],
    action: 'Set up again',
  }
}
