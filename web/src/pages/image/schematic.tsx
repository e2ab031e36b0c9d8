import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createLiveQuery } from '../../graphql/live-query.ts'
import { createRefusal } from '../../graphql/refusal.ts'
import { image } from '../../strings/image.ts'
import { Check } from '../../ui/choice.tsx'
import { confirm } from '../../ui/confirm.tsx'
import { Field } from '../../ui/field.tsx'
import { Button, FailureNotice } from '../../ui/parts.tsx'
import { Diff } from '../../ui/plan.tsx'
import { showGood } from '../../ui/toasts.tsx'

const ExtensionsQuery = graphql(
  'query Extensions($instance: String!) { offeredExtensions(instance: $instance) { name description } }',
)
const SetMutation = graphql(
  'mutation SetSchematic($instance: String!, $extensions: [String!], $kernelArguments: [String!], $plan: Boolean) { setTalosSchematic(instance: $instance, extensions: $extensions, kernelArguments: $kernelArguments, plan: $plan) { diff warnings } }',
)

interface Schematic {
  extensions: string[]
  kernelArguments: string[]
}

/** Asks what could be built in. It comes from the image factory, far away: only a change of the instance asks again. */
export const createExtensions = (instance: () => string) =>
  createLiveQuery(
    ExtensionsQuery,
    () => ({ instance: instance() }),
    (news) => news.kind === 'instance' && news.instance === instance(),
  )

/** Extensions and kernel arguments, saved after showing what changes. */
export function SchematicForm(props: {
  instance: string
  schematic: Schematic
  offered: ReturnType<typeof createExtensions>
}) {
  const offered = () => props.offered.data?.offeredExtensions ?? []
  const [chosen, setChosen] = createSignal<string[]>()
  const [args, setArgs] = createSignal<string>()
  const [filter, setFilter] = createSignal('')
  const { refuse, against, elsewhere } = createRefusal('kernelArguments')
  const extensions = () => chosen() ?? props.schematic.extensions
  const kernelArguments = () => args() ?? props.schematic.kernelArguments.join(' ')
  const changed = () => chosen() !== undefined || args() !== undefined

  const all = () => {
    const own = extensions().filter((name) => !offered().some((one) => one.name === name))
    return [...own.map((name) => ({ name, description: '' })), ...offered()].filter(({ name }) =>
      name.includes(filter().trim().toLowerCase()),
    )
  }

  function toggle(name: string): void {
    const now = extensions()
    setChosen(now.includes(name) ? now.filter((other) => other !== name) : [...now, name])
  }

  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    refuse(undefined)
    const wanted = {
      instance: props.instance,
      extensions: extensions(),
      kernelArguments: kernelArguments().split(/\s+/).filter(Boolean),
    }
    const planned = await act(SetMutation, { ...wanted, plan: true }, refuse)
    if (!planned) return
    const { diff, warnings } = planned.setTalosSchematic
    const lines = [...(diff ? [] : [image.noChange]), ...warnings]
    const yes = await confirm({
      title: image.changeTitle,
      lines,
      action: image.save,
      more: () => <Show when={diff}>{(text) => <Diff text={text()} />}</Show>,
    })
    if (!yes || !(await act(SetMutation, wanted, refuse))) return
    setChosen(undefined)
    setArgs(undefined)
    showGood(image.saved)
  }

  return (
    <form class="card p-5 grid gap-4" novalidate onSubmit={save}>
      <h2 class="font-semibold text-lg">{image.builtIn}</h2>
      <Show when={props.offered.failure}>{(failure) => <FailureNotice failure={failure()} />}</Show>
      <Field label={image.find} value={filter()} onInput={setFilter} placeholder={image.findExample} />
      <fieldset>
        <legend class="text-sm font-medium mb-1">
          {image.extensions(extensions().length, Math.max(offered().length, extensions().length))}
        </legend>
        <div class="grid gap-1 sm:grid-cols-2 max-h-80 overflow-y-auto" tabindex="0">
          <For each={all()} fallback={<p class="text-quiet">{image.noneFound}</p>}>
            {(extension) => (
              <Check
                title={extension.name}
                about={firstLine(extension.description)}
                checked={extensions().includes(extension.name)}
                onChange={() => toggle(extension.name)}
              />
            )}
          </For>
        </div>
      </fieldset>
      <Field
        label={image.arguments}
        help={image.argumentsHelp}
        value={kernelArguments()}
        onInput={setArgs}
        problem={against('kernelArguments')}
      />
      <Show when={elsewhere()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
      <div>
        <Button type="submit" kind="main" disabled={!changed()}>
          {image.save}
        </Button>
      </div>
    </form>
  )
}

const firstLine = (text: string) => text.split('\n').find((line) => line.trim() && !line.startsWith('#')) ?? ''
