import type { ResultOf } from 'gql.tada'
import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createLiveQuery } from '../../graphql/live-query.ts'
import { createRefusal } from '../../graphql/refusal.ts'
import { backups as texts } from '../../strings/backups.ts'
import { Button } from '../../ui/button.tsx'
import { Check, Choice } from '../../ui/choice.tsx'
import { Field } from '../../ui/field.tsx'
import { FailureNotice, Notice } from '../../ui/notice.tsx'
import { Loaded } from '../../ui/page.tsx'
import { preview } from '../../ui/plan.tsx'
import { showGood } from '../../ui/toasts.tsx'

const ScheduleQuery = graphql(
  'query BackupSchedule { backupSettings { enabled at everyHours only daily weekly monthly lastRun nextRun problems } }',
)
const SetMutation = graphql(
  'mutation SetBackupSchedule($enabled: Boolean, $at: String, $everyHours: Int, $only: [BackupRunPart!], $daily: Int, $weekly: Int, $monthly: Int) { setBackupSettings(enabled: $enabled, at: $at, everyHours: $everyHours, only: $only, daily: $daily, weekly: $weekly, monthly: $monthly) { enabled } }',
)

type Settings = ResultOf<typeof ScheduleQuery>['backupSettings']
type Part = Settings['only'][number]
const parts: Part[] = ['home', 'apps', 'cluster', 'device']
const counts = ['daily', 'weekly', 'monthly'] as const
const shown = ['at', 'everyHours', 'only', ...counts.map((name) => `keep.${name}`)]

/** When the daemon makes backups by itself, of what, and how long they stay. */
export function ScheduleForm() {
  const query = createLiveQuery(ScheduleQuery, () => ({}))
  return <Loaded query={query}>{(data) => <Form of={data.backupSettings} changed={query.refresh} />}</Loaded>
}

interface Draft {
  enabled?: boolean
  byHours?: boolean
  at?: string
  hours?: string
  only?: Part[]
  daily?: string
  weekly?: string
  monthly?: string
}

/** Pure: what was typed as a whole number; what is none is sent as one that the daemon refuses at its field. */
function whole(text: string): number {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text) : -1
}

function Form(props: { of: Settings; changed(): void }) {
  const [draft, setDraft] = createSignal<Draft>({})
  const { refuse, against, elsewhere } = createRefusal(...shown)
  const set = (change: Draft) => setDraft({ ...draft(), ...change })
  const byHours = () => draft().byHours ?? props.of.everyHours !== null
  const at = () => draft().at ?? props.of.at ?? '03:00'
  const hours = () => draft().hours ?? String(props.of.everyHours ?? 24)
  const only = () => draft().only ?? [...props.of.only]
  const number = (name: (typeof counts)[number]) => draft()[name] ?? String(props.of[name])

  function input() {
    return {
      enabled: draft().enabled ?? props.of.enabled,
      ...(byHours() ? { everyHours: whole(hours()) } : { at: at().trim() }),
      only: only(),
      ...Object.fromEntries(counts.map((name) => [name, whole(number(name))])),
    }
  }

  async function save(): Promise<void> {
    refuse(undefined)
    if (!(await preview({ change: 'setBackupSettings', input: input() }, refuse))) return
    if (!(await act(SetMutation, input(), refuse))) return
    setDraft({})
    showGood(texts.scheduleSaved)
    props.changed()
  }

  return (
    <form
      class="card p-5 grid gap-5 max-w-2xl"
      novalidate
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <div>
        <h2 class="font-semibold text-heading">{texts.scheduleTitle}</h2>
        <p class="text-quiet text-sm">{texts.scheduleAbout}</p>
      </div>
      <Check
        title={texts.on}
        about={`${props.of.lastRun ? texts.last(new Date(props.of.lastRun).toLocaleString()) : texts.never} ${
          props.of.nextRun ? texts.next(new Date(props.of.nextRun).toLocaleString()) : ''
        }`}
        checked={draft().enabled ?? props.of.enabled}
        onChange={(enabled) => set({ enabled })}
      />
      <Show when={props.of.problems.length > 0}>
        <Notice tone="warn">
          <p class="font-medium">{texts.problems}</p>
          <For each={props.of.problems}>{(problem) => <p class="wrap-anywhere">{problem}</p>}</For>
        </Notice>
      </Show>
      <fieldset class="grid gap-2">
        <legend class="font-medium mb-1">{texts.when}</legend>
        <Choice group="when" checked={!byHours()} title={texts.atTime} choose={() => set({ byHours: false })} />
        <Show when={!byHours()}>
          <Field
            label={texts.atTime}
            type="time"
            value={at()}
            onInput={(text) => set({ at: text })}
            problem={against('at')}
          />
        </Show>
        <Choice group="when" checked={byHours()} title={texts.everyHours} choose={() => set({ byHours: true })} />
        <Show when={byHours()}>
          <Field
            label={texts.everyHours}
            value={hours()}
            onInput={(text) => set({ hours: text })}
            problem={against('everyHours')}
          />
        </Show>
      </fieldset>
      <fieldset class="grid gap-2">
        <legend class="font-medium mb-1">{texts.what}</legend>
        <For each={parts}>
          {(part) => (
            <Check
              title={<span class="first-letter:uppercase inline-block">{texts.parts[part]}</span>}
              about={texts.partsAbout[part]}
              checked={only().includes(part)}
              onChange={(wanted) =>
                set({ only: parts.filter((each) => (each === part ? wanted : only().includes(each))) })
              }
            />
          )}
        </For>
        <Show when={against('only')}>
          {(problem) => (
            <p class="text-bad text-sm" role="alert">
              {problem()}
            </p>
          )}
        </Show>
      </fieldset>
      <fieldset>
        <legend class="font-medium">{texts.keep}</legend>
        <p class="text-quiet text-sm mb-2">{texts.keepAbout}</p>
        <div class="grid gap-3 grid-cols-3">
          <For each={counts}>
            {(name) => (
              <Field
                label={texts[name]}
                value={number(name)}
                onInput={(text) => set({ [name]: text })}
                problem={against(`keep.${name}`)}
              />
            )}
          </For>
        </div>
      </fieldset>
      <Show when={elsewhere()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
      <div>
        <Button type="submit" kind="main">
          {texts.save}
        </Button>
      </div>
    </form>
  )
}
