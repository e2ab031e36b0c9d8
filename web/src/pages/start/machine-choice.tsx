import { For, Show } from 'solid-js'
import { start } from '../../strings/start.ts'
import { Icon } from '../../ui/parts.tsx'
import { bytes } from '../../ui/time.ts'
import type { Machine } from '../nodes/machine.ts'

/** What becomes of a machine. */
export interface Choice {
  machine: Machine
  name: string
  role: 'controlplane' | 'worker'
  disk: string | null
  wanted: boolean
}

const texts = start.machines

/** One machine: use it or not, as what, and on which disk; what is on that disk is said before it is chosen for good. */
export function MachineChoice(props: {
  choice: Choice
  title: string
  onChange(change: Partial<Pick<Choice, 'name' | 'role' | 'disk' | 'wanted'>>): void
}) {
  const machine = () => props.choice.machine
  const disk = () => machine().disks.find(({ path }) => path === props.choice.disk)
  const suitable = () => machine().disks.filter(({ unsuitable }) => !unsuitable)
  const why = () =>
    props.choice.disk === machine().selectedDisk || !disk() ? machine().selectedDiskReason : disk()!.model
  return (
    <li class="card appear p-4 grid gap-3" classList={{ 'opacity-70': !props.choice.wanted }}>
      <label class="flex gap-3 items-center">
        <input
          type="checkbox"
          checked={props.choice.wanted}
          disabled={props.choice.disk === null}
          aria-label={texts.use(props.title)}
          onChange={(event) => props.onChange({ wanted: event.currentTarget.checked })}
        />
        <span class="grid place-items-center size-9 rounded-lg bg-raised text-quiet">
          <Icon name="nodes" />
        </span>
        <span class="min-w-0">
          <span class="font-medium block">{props.title}</span>
          <span class="block text-quiet text-small wrap-anywhere">
            {machine().ip}
            <Show when={machine().mac}> · {machine().mac}</Show>
          </span>
        </span>
      </label>
      <Show when={machine().problem}>
        {(problem) => (
          <p class="text-bad text-sm flex gap-2">
            <Icon name="alert" /> {problem()}
          </p>
        )}
      </Show>
      <div class="grid gap-2 sm:grid-cols-[10rem_10rem_minmax(0,1fr)]">
        <input
          class="field"
          aria-label={texts.nameOf(props.title)}
          value={props.choice.name}
          disabled={!props.choice.wanted}
          autocapitalize="none"
          spellcheck={false}
          onInput={(event) => props.onChange({ name: event.currentTarget.value })}
        />
        <select
          class="field"
          aria-label={texts.roleOf(props.title)}
          disabled={!props.choice.wanted}
          onChange={(event) => props.onChange({ role: event.currentTarget.value as Choice['role'] })}
        >
          <For each={['controlplane', 'worker'] as const}>
            {(role) => (
              <option value={role} selected={role === props.choice.role}>
                {texts[role]}
              </option>
            )}
          </For>
        </select>
        <select
          class="field"
          aria-label={texts.diskOf(props.title)}
          disabled={!props.choice.wanted || suitable().length < 2}
          onChange={(event) => props.onChange({ disk: event.currentTarget.value })}
        >
          <Show when={suitable().length === 0}>
            <option value="">{texts.noDisk}</option>
          </Show>
          <For each={suitable()}>
            {({ path, model, size }) => (
              <option value={path} selected={path === props.choice.disk}>
                {[path, model, bytes(Number(size))].filter(Boolean).join(' · ')}
              </option>
            )}
          </For>
        </select>
      </div>
      <p class="text-quiet text-small flex gap-2">
        <Icon name="disk" class="size-4" /> {why()}
      </p>
      <Show when={disk()?.holds}>
        {(holds) => (
          <p class="text-bad text-sm flex gap-2" role="alert">
            <Icon name="alert" /> {texts.erased(holds())}
          </p>
        )}
      </Show>
    </li>
  )
}
