import { useNavigate } from '@solidjs/router'
import { createEffect, Show } from 'solid-js'
import { createStore } from 'solid-js/store'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { catalogPage as texts } from '../../strings/catalog.ts'
import { confirm } from '../../ui/confirm.tsx'
import { Button, FailureNotice } from '../../ui/parts.tsx'
import type { Secret } from '../workload/secret-list.tsx'
import { type Setting, textOf } from '../workload/setting-field.tsx'
import { createSettingsDraft, SettingFields } from '../workload/settings-draft.tsx'
import { Secrets } from './secrets.tsx'
import { refusalOfAdd } from './writes.tsx'

const AddMutation = graphql(
  'mutation AddFromCatalog($instance: String!, $name: String!, $config: JSON) { addApp(instance: $instance, name: $name, config: $config) { name } }',
)
const DeployMutation = graphql(
  'mutation AddAndDeploy($instance: String!, $app: String!, $config: JSON) { deployApp(instance: $instance, app: $app, add: true, config: $config) { operationId } }',
)
const SecretMutation = graphql(
  'mutation SetCatalogSecret($instance: String!, $path: String!, $value: String!) { setSecret(instance: $instance, path: $path, value: $value) }',
)

interface Offered {
  name: string
  title: string
  settings: (Setting & { default: unknown })[]
  secrets: Secret[]
}
interface Proposed {
  untouched: { values: unknown }
  asTyped: { values: unknown; alongside: string[]; missingSecrets: string[] }
}

/** Settings and secrets of an app that is not there yet, and the two ways to take it. */
export function AddForm(props: {
  instance: string
  app: Offered
  /** Absent until it came, and where it cannot be worked out. */
  proposal: Proposed | undefined
  isSet(path: string): boolean
  /** Called with what differs from the proposal. */
  onTyped(config: Record<string, string>): void
  /** The same once a field was left. */
  onSettled(config: Record<string, string>): void
}) {
  const navigate = useNavigate()
  const [form, setForm] = createStore({ given: {} as Record<string, string>, lacks: [] as string[], busy: false })
  const proposed = (setting: Offered['settings'][number], which: keyof Proposed): string => {
    const values = (props.proposal?.[which].values ?? {}) as Record<string, unknown>
    // A template says nothing to a person; what it makes comes with the proposal.
    const preset = textOf(setting.default)
    return textOf(values[setting.name] ?? (preset.includes('{{') ? '' : preset))
  }
  const draft = createSettingsDraft({
    settings: () => props.app.settings,
    // What follows from another setting follows what is typed there.
    shown: (setting) => proposed(setting, 'asTyped'),
    before: (setting) => proposed(setting, 'untouched'),
    below: `apps.${props.app.name}.`,
  })
  createEffect(() => props.onTyped(draft.changed()))
  const missing = () => (props.proposal?.asTyped.missingSecrets ?? []).filter((path) => !form.given[path])

  async function saveSecrets(): Promise<boolean> {
    for (const [path, value] of Object.entries(form.given)) {
      if (!value) continue
      if (!(await act(SecretMutation, { instance: props.instance, path, value }, draft.refuse))) return false
      setForm('given', path, '')
    }
    return true
  }

  /** Would these settings be taken? Asked before the first thing is written. */
  async function fit(): Promise<boolean> {
    const refusal = await refusalOfAdd(props.instance, props.app.name, draft.changed())
    draft.refuse(refusal)
    return !refusal
  }

  async function add(): Promise<void> {
    if (!(await fit()) || !(await saveSecrets())) return
    const input = { instance: props.instance, name: props.app.name, config: draft.changed() }
    if (await act(AddMutation, input, draft.refuse)) navigate(`/instances/${props.instance}/apps/${props.app.name}`)
  }

  async function addAndDeploy(): Promise<void> {
    if (missing().length) return setForm({ lacks: missing() })
    if (!(await fit()) || !(await mayBring()) || !(await saveSecrets())) return
    const input = { instance: props.instance, app: props.app.name, config: draft.changed() }
    const done = await act(DeployMutation, input, draft.refuse)
    if (done) navigate(`/operations/${done.deployApp.operationId}`)
  }

  /** What it needs and is not here is added only when the person says so. */
  async function mayBring(): Promise<boolean> {
    const others = props.proposal?.asTyped.alongside ?? []
    if (others.length === 0) return true
    const { title } = props.app
    return confirm({
      title: texts.bringQuestion(title, others.join(', ')),
      lines: others.map((other) => texts.bringLine(title, other)),
      action: texts.bring,
    })
  }

  async function run(way: () => Promise<void>): Promise<void> {
    draft.refuse(undefined)
    setForm({ lacks: [], busy: true })
    await way()
    setForm('busy', false)
  }

  return (
    <form
      class="grid gap-6 min-w-0"
      novalidate
      onChange={() => props.onSettled(draft.changed())}
      onSubmit={(event) => {
        event.preventDefault()
        void run(add)
      }}
    >
      <section class="card p-5 min-w-0" aria-label={texts.settings}>
        <h2 class="font-semibold">{texts.settings}</h2>
        <Show when={props.app.settings.length} fallback={<p class="text-quiet text-sm mt-1">{texts.noSettings}</p>}>
          <p class="text-quiet text-sm mb-4">{texts.settingsAbout}</p>
          <SettingFields of={draft} />
        </Show>
      </section>
      <Secrets
        of={props.app.secrets}
        missing={props.proposal?.asTyped.missingSecrets ?? []}
        isSet={props.isSet}
        given={form.given}
        lacks={form.lacks}
        onInput={(path, text) => setForm('given', path, text)}
      />
      <Show when={draft.elsewhere()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
      {/* A long form on a small screen: the way to take the app stays in reach. */}
      <div class="flex flex-wrap gap-x-3 gap-y-2 items-center max-sm:sticky max-sm:bottom-[calc(3.3rem+env(safe-area-inset-bottom))] max-sm:-mx-4 max-sm:px-4 max-sm:py-3 max-sm:bg-page max-sm:border-t max-sm:border-line">
        <Button kind="main" disabled={form.busy} onClick={() => void run(addAndDeploy)}>
          {texts.addAndDeploy}
        </Button>
        <Button type="submit" disabled={form.busy}>
          {texts.add}
        </Button>
        <span class="text-quiet text-sm">{texts.addAbout}</span>
      </div>
    </form>
  )
}
