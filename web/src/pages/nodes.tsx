import { useNavigate, useParams } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { act } from '../graphql/act.ts'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { Button, Empty, Fact, Loaded, PageHeader, Status } from '../ui/parts.tsx'
import { Running } from '../ui/running.tsx'
import { bytes } from '../ui/time.ts'

const NodesQuery = graphql(`
  query Nodes($instance: String!) {
    nodes(instance: $instance) { name role status ip targetIp interface disk version }
    machines(instance: $instance) {
      mac ip hostname interface maintenanceMode version manufacturer product instance node selectedDisk
      disks { path size model transport }
    }
  }
`)
const DiscoverMutation = graphql(
  'mutation Discover($instance: String!) { discoverNodes(instance: $instance) { operationId } }',
)
const AssignMutation = graphql(
  'mutation Assign($instance: String!, $nodes: [String!]!, $machine: String, $role: NodeRole) { assignNodes(instance: $instance, nodes: $nodes, machine: $machine, role: $role, plan: false) { node } }',
)
const SetupMutation = graphql(
  'mutation SetupNode($instance: String!, $node: String!) { setupNode(instance: $instance, node: $node) { operationId } }',
)

export default function NodesPage() {
  const params = useParams<{ instance: string }>()
  const navigate = useNavigate()
  const query = createLiveQuery(
    NodesQuery,
    () => ({ instance: params.instance }),
    () => params.instance,
  )

  async function discover(): Promise<void> {
    const done = await act(DiscoverMutation, { instance: params.instance })
    if (done) navigate(`/operations/${done.discoverNodes.operationId}`)
  }

  async function setup(node: string): Promise<void> {
    const done = await act(SetupMutation, { instance: params.instance, node })
    if (done) navigate(`/operations/${done.setupNode.operationId}`)
  }

  return (
    <>
      <PageHeader
        title="Nodes"
        about="The machines of this cluster. Boot a machine from Talos on this network, find it, give it a name, set it up."
      >
        <Button kind="main" onClick={discover}>
          Find machines
        </Button>
      </PageHeader>
      <Running instance={params.instance} />
      <Loaded query={query}>
        {(data) => (
          <>
            <Show
              when={data.nodes.length}
              fallback={
                <Empty title="No nodes yet">
                  Find the machines on this network first; then give three of them a name.
                </Empty>
              }
            >
              <ul class="grid gap-3">
                <For each={data.nodes}>
                  {(node) => (
                    <li class="card p-4 grid gap-3 sm:grid-cols-[1fr_auto] items-center">
                      <div>
                        <div class="flex flex-wrap gap-3 items-center">
                          <span class="font-semibold">{node.name}</span>
                          <Status value={node.status} />
                          <span class="text-quiet text-sm">
                            {node.role === 'controlplane' ? 'control plane' : 'worker'}
                          </span>
                        </div>
                        <dl class="grid gap-x-6 gap-y-1 grid-cols-2 sm:grid-cols-4 mt-2 text-sm">
                          <Fact name="Address">{node.ip ?? node.targetIp}</Fact>
                          <Fact name="Interface">{node.interface ?? '–'}</Fact>
                          <Fact name="Disk">{node.disk ?? '–'}</Fact>
                          <Fact name="Talos">{node.version ?? '–'}</Fact>
                        </dl>
                      </div>
                      <Button onClick={() => setup(node.name)}>Set up</Button>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
            <Machines
              machines={data.machines.filter((machine) => !machine.node)}
              instance={params.instance}
              taken={data.nodes.map(({ name }) => name)}
              onAssigned={setup}
            />
          </>
        )}
      </Loaded>
    </>
  )
}

interface Machine {
  mac: string | null
  ip: string
  hostname: string | null
  interface: string | null
  maintenanceMode: boolean
  manufacturer: string | null
  product: string | null
  instance: string | null
  selectedDisk: string | null
  disks: { path: string; size: unknown; model: string }[]
}

function Machines(props: { machines: Machine[]; instance: string; taken: string[]; onAssigned(node: string): void }) {
  function freeName(): string {
    for (let number = 1; ; number++) if (!props.taken.includes(`control-${number}`)) return `control-${number}`
  }
  return (
    <Show when={props.machines.length}>
      <h2 class="font-semibold mt-8 mb-2">Machines found, not used yet</h2>
      <ul class="grid gap-3">
        <For each={props.machines}>
          {(machine) => (
            <MachineCard
              machine={machine}
              suggestion={freeName()}
              instance={props.instance}
              onAssigned={props.onAssigned}
            />
          )}
        </For>
      </ul>
    </Show>
  )
}

function MachineCard(props: {
  machine: Machine
  suggestion: string
  instance: string
  onAssigned(node: string): void
}) {
  const [name, setName] = createSignal<string>()
  const chosen = () => name() ?? props.suggestion

  async function take(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const role = chosen().includes('worker') ? 'worker' : 'controlplane'
    const done = await act(AssignMutation, {
      instance: props.instance,
      nodes: [chosen()],
      machine: props.machine.mac,
      role,
    })
    if (done) props.onAssigned(chosen())
  }

  return (
    <li class="card p-4 grid gap-3">
      <div class="flex flex-wrap gap-3 items-baseline justify-between">
        <span class="font-medium">
          {[props.machine.manufacturer, props.machine.product].filter(Boolean).join(' ') || 'Machine'}
        </span>
        <span class="text-quiet text-sm">
          {props.machine.ip} · {props.machine.mac}
        </span>
      </div>
      <p class="text-quiet text-sm">
        {props.machine.maintenanceMode ? 'Waiting to be set up' : 'Configured already'}
        {props.machine.instance ? `, belongs to ${props.machine.instance}` : ''}
        {' · '}
        {props.machine.disks
          .map(
            (disk) =>
              `${disk.path} ${bytes(Number(disk.size))}${disk.path === props.machine.selectedDisk ? ' (would be used)' : ''}`,
          )
          .join(' · ')}
      </p>
      <Show when={props.machine.maintenanceMode && !props.machine.instance}>
        <form class="flex flex-wrap gap-2" onSubmit={take}>
          <input
            class="field !w-48"
            aria-label="Node name"
            value={chosen()}
            onInput={(event) => setName(event.currentTarget.value)}
            required
            pattern="[a-z0-9]([-a-z0-9]*[a-z0-9])?"
          />
          <Button type="submit">Set up as this node</Button>
        </form>
        <p class="text-quiet text-sm">Setting it up erases its disk.</p>
      </Show>
    </li>
  )
}
