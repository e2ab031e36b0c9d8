import { createSignal, For, Show } from 'solid-js'
import { createStore } from 'solid-js/store'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { nodesText } from '../../strings/nodes.ts'
import { confirm } from '../../ui/confirm.tsx'
import { Button, FailureNotice } from '../../ui/parts.tsx'
import { Hardware } from './hardware.tsx'
import { byAddress, called, diskText, freeName, isFree, type Machine } from './machine.ts'

const AssignMutation = graphql(`
  mutation Assign($instance: String!, $node: String!, $machine: String!, $role: NodeRole!) {
    assignNodes(instance: $instance, nodes: [$node], machine: $machine, role: $role, plan: false) { node }
  }
`)

const { machines: texts, roles } = nodesText

type Role = 'controlplane' | 'worker'

interface Choice {
  machine: Machine
  name: string
  role: Role
  wanted: boolean
}

/** Machines that are no node yet: choose, name, and set up several at once, after saying which disks are erased. */
export function Machines(props: {
  machines: Machine[]
  instance: string
  taken: string[]
  onAssigned(nodes: string[]): Promise<void>
}) {
  const [typed, setTyped] = createStore<Record<string, { name?: string; role?: Role; left?: boolean }>>({})
  const [busy, setBusy] = createSignal(false)
  const [refusal, setRefusal] = createSignal<Failure>()

  const free = () => props.machines.filter(isFree).sort(byAddress)
  const others = () => props.machines.filter((machine) => !isFree(machine))
  /** Names are suggested in order, three control planes first where there are so many, without those that are taken. */
  const choices = (): Choice[] => {
    const names = new Set(props.taken)
    let planes = props.taken.filter((name) => name.startsWith('control-')).length
    // Two would be worse than one: etcd needs both of them.
    const most = planes + free().length >= 3 ? 3 : 1
    return free().map((machine) => {
      const own = typed[machine.ip] ?? {}
      const role = own.role ?? (planes < most ? 'controlplane' : 'worker')
      if (role === 'controlplane') planes++
      const name = own.name ?? freeName(role === 'controlplane' ? 'control' : 'worker', names)
      names.add(name)
      return { machine, name, role, wanted: !own.left && machine.selectedDisk !== null }
    })
  }
  const wanted = () => choices().filter((choice) => choice.wanted)

  async function setup(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    const chosen = wanted()
    setRefusal(undefined)
    const yes = await confirm({
      title: texts.sure(chosen.length),
      lines: [
        texts.lost,
        ...chosen.map(({ machine, name }) => texts.each(name, diskText(machine), called(machine), machine.ip)),
      ],
      action: nodesText.eraseGo,
      danger: true,
    })
    if (!yes) return
    setBusy(true)
    if (await assign(chosen)) await props.onAssigned(chosen.map(({ name }) => name))
    setBusy(false)
  }

  /** Writes down which machine is which node; the first refusal ends it, before any disk is touched. */
  async function assign(chosen: Choice[]): Promise<boolean> {
    for (const { machine, name, role } of chosen) {
      const variables = { instance: props.instance, node: name, machine: machine.mac ?? machine.ip, role }
      if (!(await act(AssignMutation, variables, setRefusal))) return false
    }
    return true
  }

  return (
    <>
      <Show when={free().length}>
        <form onSubmit={setup} novalidate class="mt-6 first:mt-0">
          <h2 class="font-semibold mb-2">{texts.free}</h2>
          <ul class="card divide-y divide-line">
            <For each={free()}>
              {(machine, index) => (
                <Row
                  choice={choices()[index()] as Choice}
                  onChange={(change) => setTyped(machine.ip, (own) => ({ ...own, ...change }))}
                />
              )}
            </For>
          </ul>
          <Show when={refusal()}>
            {(failure) => (
              <div class="mt-3">
                <FailureNotice failure={failure()} />
              </div>
            )}
          </Show>
          <div class="mt-3">
            <Button type="submit" kind="main" disabled={busy() || wanted().length === 0}>
              {texts.setUp(wanted().length)}
            </Button>
          </div>
        </form>
      </Show>
      <Show when={others().length}>
        <h2 class="font-semibold mt-6 mb-2">{texts.others}</h2>
        <ul class="card divide-y divide-line">
          <For each={others()}>
            {(machine) => (
              <li class="px-4 py-3">
                <span class="font-medium">{called(machine)}</span>
                <span class="block text-quiet text-sm">
                  {machine.ip} · {texts.configured(machine.instance)}
                </span>
                <Hardware machine={machine} />
              </li>
            )}
          </For>
        </ul>
      </Show>
    </>
  )
}

function Row(props: { choice: Choice; onChange(change: { name?: string; role?: Role; left?: boolean }): void }) {
  const machine = () => props.choice.machine
  return (
    <li class="px-4 py-3 flex flex-wrap gap-x-4 gap-y-2 items-center">
      <label class="flex gap-3 items-start grow basis-64 min-w-0">
        <input
          type="checkbox"
          class="mt-1"
          checked={props.choice.wanted}
          disabled={machine().selectedDisk === null}
          onChange={(event) => props.onChange({ left: !event.currentTarget.checked })}
        />
        <span class="min-w-0">
          <span class="font-medium">{called(machine())}</span>
          <span class="block text-quiet text-sm wrap-anywhere">
            {machine().ip} · {machine().mac}
          </span>
          <span class="block text-quiet text-sm wrap-anywhere">
            {machine().selectedDisk
              ? texts.target(diskText(machine()), machine().selectedDiskReason)
              : machine().selectedDiskReason}
          </span>
        </span>
      </label>
      <span class="flex gap-2 max-sm:w-full">
        <input
          class="field sm:!w-40"
          aria-label={texts.nameOf(called(machine()))}
          value={props.choice.name}
          autocapitalize="none"
          spellcheck={false}
          onInput={(event) => props.onChange({ name: event.currentTarget.value })}
        />
        <select
          class="field !w-auto"
          aria-label={texts.roleOf(called(machine()))}
          value={props.choice.role}
          onChange={(event) => props.onChange({ role: event.currentTarget.value as Role })}
        >
          <option value="controlplane">{roles.controlplane}</option>
          <option value="worker">{roles.worker}</option>
        </select>
      </span>
      <Hardware machine={machine()} />
    </li>
  )
}
