import { A } from '@solidjs/router'
import { createSignal, For, onMount, Show } from 'solid-js'
import { createStore } from 'solid-js/store'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { about, createLiveQuery } from '../../graphql/live-query.ts'
import { start } from '../../strings/start.ts'
import { Button, Empty, FailureNotice, Icon, Loaded, ProgressBar } from '../../ui/parts.tsx'
import { byAddress, called, freeName, isFree, type Machine } from '../nodes/machine.ts'
import { type Choice, MachineChoice } from './machine-choice.tsx'
import { adviceOn } from './way.ts'

const MachinesQuery = graphql(`
  query StartMachines($instance: String!) {
    nodes(instance: $instance) { name role status targetIp disk maintenance }
    machines(instance: $instance) {
      mac ip state hostname manufacturer product serial uuid problem instance node selectedDisk selectedDiskReason
      interface interfaceReason interfaces { name mac addresses up speed defaultRoute }
      disks { path size model unsuitable holds }
    }
    operations(instance: $instance, type: "node.discover", limit: 1) { operationId status progress message }
  }
`)
const DiscoverMutation = graphql(
  'mutation StartDiscover($instance: String!) { discoverNodes(instance: $instance) { operationId } }',
)
const AssignMutation = graphql(`
  mutation StartAssign($instance: String!, $node: String!, $machine: String!, $role: NodeRole!) {
    assignNodes(instance: $instance, nodes: [$node], machine: $machine, role: $role, plan: false) { node disk }
  }
`)
const DiskMutation = graphql(
  'mutation StartDisk($instance: String!, $node: String!, $disk: String!) { editNode(instance: $instance, node: $node, disk: $disk) { warnings } }',
)
const ForgetMutation = graphql(
  'mutation StartForget($instance: String!, $node: String!) { forgetNode(instance: $instance, node: $node) }',
)
const texts = start.machines
type Own = Partial<Pick<Choice, 'name' | 'role' | 'disk' | 'wanted'>>

/** Machines as they appear in the network: which are used, what each does, and which of its disks is taken. */
export function MachinesStation(props: { instance: string; next(): void }) {
  const query = createLiveQuery(
    MachinesQuery,
    () => ({ instance: props.instance }),
    about(() => props.instance),
  )
  const [typed, setTyped] = createStore<Record<string, Own>>({})
  const [refusal, setRefusal] = createSignal<Failure>()
  const [busy, setBusy] = createSignal(false)
  const looking = () => query.data?.operations.find(({ status }) => status === 'running' || status === 'pending')
  const look = () => act(DiscoverMutation, { instance: props.instance }, setRefusal)
  const nodes = () => query.data?.nodes ?? []
  const machines = () => (query.data?.machines ?? []) as (Machine & { node: string | null })[]
  const free = () =>
    machines()
      .filter((machine) => isFree(machine) && !machine.node)
      .sort(byAddress)

  /** Names are suggested in order, three control planes first, or one when there are fewer than three machines. */
  const choices = (): Choice[] => {
    const names = new Set(nodes().map(({ name }) => name))
    let planes = nodes().filter(({ role }) => role === 'controlplane').length
    const most = free().length + nodes().length < 3 ? 1 : 3
    return free().map((machine) => {
      const own = typed[machine.ip] ?? {}
      const role = own.role ?? (planes < most ? 'controlplane' : 'worker')
      if (role === 'controlplane') planes++
      const name = own.name ?? freeName(role === 'controlplane' ? 'control' : 'worker', names)
      names.add(name)
      const disk = own.disk ?? machine.selectedDisk
      return { machine, name, role, disk, wanted: disk !== null && (own.wanted ?? true) }
    })
  }
  const wanted = () => choices().filter((choice) => choice.wanted)
  const advice = () => {
    const roles = [...wanted().map(({ role }) => role), ...nodes().map(({ role }) => role)]
    const planes = roles.filter((role) => role === 'controlplane').length
    return adviceOn(planes, roles.length - planes)
  }
  // Looking changes nothing on any machine: the first time it happens by itself.
  let looked = false
  onMount(() => setTimeout(lookAtFirst))
  function lookAtFirst(): void {
    if (query.loading) return void setTimeout(lookAtFirst, 200)
    if (looked || !query.data || query.data.operations.length || nodes().length) return
    looked = true
    void look()
  }

  /** Writes down which machine is which node; the first refusal ends it. No disk is touched. */
  async function goOn(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    setRefusal(undefined)
    setBusy(true)
    let well = true
    for (const choice of wanted()) well = well && (await assign(choice))
    setBusy(false)
    if (well) props.next()
  }

  async function assign({ machine, name, role, disk }: Choice): Promise<boolean> {
    const at = { instance: props.instance, node: name }
    const done = await act(AssignMutation, { ...at, machine: machine.mac ?? machine.ip, role }, setRefusal)
    if (!done || !disk || done.assignNodes[0]?.disk === disk) return Boolean(done)
    return Boolean(await act(DiskMutation, { ...at, disk }, setRefusal))
  }

  return (
    <Loaded query={query}>
      {() => (
        <form class="grid gap-4" onSubmit={goOn} novalidate>
          <Show when={looking()}>
            {(operation) => (
              <div class="card p-4" role="status">
                <p class="text-sm mb-2">{texts.looking}</p>
                <ProgressBar value={operation().progress} label={texts.looking} />
              </div>
            )}
          </Show>
          <Show when={nodes().length}>
            <ul class="card divide-y divide-line" aria-label={texts.chosen}>
              <For each={nodes()}>
                {(node) => (
                  <li class="px-4 py-3 flex flex-wrap gap-x-4 gap-y-1 items-center">
                    <Icon name="check" class="size-5 text-good" />
                    <span class="font-medium">{node.name}</span>
                    <span class="text-quiet text-sm grow">
                      {texts[node.role]} · {node.targetIp} · {node.disk}
                    </span>
                    <Show when={node.maintenance}>
                      <Button
                        kind="quiet"
                        onClick={() => act(ForgetMutation, { instance: props.instance, node: node.name })}
                        aria-label={texts.leaveOut(node.name)}
                      >
                        {texts.leaveOut('')}
                      </Button>
                    </Show>
                  </li>
                )}
              </For>
            </ul>
          </Show>
          <Show when={free().length}>
            <section aria-label={texts.found(free().length)}>
              <h3 class="font-semibold mb-2">{texts.found(free().length)}</h3>
              <ul class="grid gap-3">
                <For each={free()}>
                  {(machine, index) => (
                    <MachineChoice
                      choice={choices()[index()]!}
                      title={called(machine)}
                      onChange={(change) => setTyped(machine.ip, (own) => ({ ...own, ...change }))}
                    />
                  )}
                </For>
              </ul>
            </section>
          </Show>
          {/* Before the first look nobody can say that there are none. */}
          <Show when={query.data?.operations.length && !free().length && !nodes().length && !looking()}>
            <Empty title={texts.none} icon="nodes">
              {texts.noneHelp}{' '}
              <A class="link" href={`/instances/${props.instance}/image`}>
                {texts.stick}
              </A>
            </Empty>
          </Show>
          <Show when={machines().length > free().length + nodes().length}>
            <p class="text-quiet text-sm">{texts.others(machines().length - free().length - nodes().length)}</p>
          </Show>
          <Show when={refusal()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
          <Show when={free().length + nodes().length}>
            <p class="text-sm text-quiet" role="status">
              {texts.advice[advice().about]}
            </p>
          </Show>
          <div class="flex flex-wrap gap-2">
            <Button type="submit" kind="main" disabled={busy() || !advice().ok}>
              {texts.review}
            </Button>
            <Button icon="search" disabled={Boolean(looking())} onClick={look}>
              {query.data?.operations.length ? texts.lookAgain : texts.look}
            </Button>
          </div>
        </form>
      )}
    </Loaded>
  )
}
