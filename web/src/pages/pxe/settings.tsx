import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { pxeText } from '../../strings/pxe.ts'
import { Choice } from '../../ui/choice.tsx'
import { Button, Fact, FailureNotice, Status } from '../../ui/parts.tsx'
import { preview } from '../../ui/plan.tsx'

const SetMutation = graphql(
  'mutation SetPxe($enabled: Boolean, $unknown: UnknownMachinePolicy, $instance: String) { setPxe(enabled: $enabled, unknown: $unknown, instance: $instance) { url } }',
)

type Policy = 'menu' | 'nothing' | 'instance'
interface State {
  settings: { enabled: boolean; unknown: Policy; instance: string | null }
  url: string | null
  interface: string
  loaders: string[]
}

const texts = pxeText.settings
const policies: Policy[] = ['menu', 'nothing', 'instance']

/** Whether machines boot from here, and what those get that nobody told apart. */
export function PxeSettings(props: { state: State; instances: string[] }) {
  const [draft, setDraft] = createSignal<Partial<State['settings']>>({})
  const [refusal, setRefusal] = createSignal<Failure>()
  const [busy, setBusy] = createSignal(false)
  const unknown = () => draft().unknown ?? props.state.settings.unknown
  const instance = () => draft().instance ?? props.state.settings.instance ?? props.instances[0] ?? ''
  const enabled = () => props.state.settings.enabled

  async function save(change: { enabled: boolean }): Promise<void> {
    const stops = enabled() && !change.enabled
    const { offTitle: title, offLines: lines, off: action } = texts
    const more = unknown() === 'instance' ? { instance: instance() } : {}
    const input = stops ? change : { ...change, unknown: unknown(), ...more }
    setRefusal(undefined)
    if (!(await preview({ change: 'setPxe', input }, setRefusal, stops ? { title, lines, action } : {}))) return
    setBusy(true)
    const done = await act(SetMutation, input, setRefusal)
    setBusy(false)
    if (done) setDraft({})
  }

  return (
    <form
      class="card p-5 grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        save({ enabled: true })
      }}
    >
      <dl class="grid gap-4 sm:grid-cols-3">
        <Fact name={texts.state}>
          <Status value={props.state.url ? 'running' : 'stopped'} />
        </Fact>
        <Fact name={texts.address}>{props.state.url ?? texts.later(props.state.interface)}</Fact>
        <Fact name={texts.loaders}>{props.state.loaders.join(', ') || '–'}</Fact>
      </dl>
      <fieldset class="grid gap-2">
        <legend class="text-sm font-medium mb-1">{texts.unknown}</legend>
        <For each={policies}>
          {(policy) => (
            <Choice
              group="unknown"
              title={texts.policies[policy][0]}
              about={texts.policies[policy][1]}
              checked={unknown() === policy}
              choose={() => setDraft({ ...draft(), unknown: policy })}
            />
          )}
        </For>
        <Show when={unknown() === 'instance'}>
          <select
            class="field max-w-60"
            aria-label={texts.unknownInstance}
            value={instance()}
            onChange={(event) => setDraft({ ...draft(), instance: event.currentTarget.value })}
          >
            <For each={props.instances}>{(name) => <option selected={name === instance()}>{name}</option>}</For>
          </select>
        </Show>
      </fieldset>
      <Show when={refusal()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
      <div class="flex gap-2">
        <Button type="submit" kind="main" disabled={busy()}>
          {enabled() ? texts.save : texts.on}
        </Button>
        <Show when={enabled()}>
          <Button disabled={busy()} onClick={() => save({ enabled: false })}>
            {texts.off}
          </Button>
        </Show>
      </div>
    </form>
  )
}
