import type { ResultOf } from 'gql.tada'
import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createLiveQuery } from '../../graphql/live-query.ts'
import { system } from '../../strings/system.ts'
import { Button } from '../../ui/button.tsx'
import { createClock } from '../../ui/clock.ts'
import { Field } from '../../ui/field.tsx'
import { Loaded, Section } from '../../ui/page.tsx'
import { preview } from '../../ui/plan.tsx'
import { ago } from '../../ui/time.ts'
import { showFailure, showGood } from '../../ui/toasts.tsx'

const SettingsQuery = graphql(`
  query DaemonSettings {
    daemonSettings { key help default value isSet }
    daemonSettingsHistory { version at via reason }
  }
`)
const SetMutation = graphql(
  'mutation SetDaemonSetting($key: String!, $value: JSON!) { setDaemonSetting(key: $key, value: $value) }',
)
const ResetMutation = graphql('mutation ResetDaemonSetting($key: String!) { resetDaemonSetting(key: $key) }')
const RestoreMutation = graphql(
  'mutation RestoreDaemonSettings($version: Int!) { restoreDaemonSettings(version: $version) }',
)

type Setting = ResultOf<typeof SettingsQuery>['daemonSettings'][number]

/** The daemon's own settings, each with what it is for, and the versions of their file. */
export function Settings() {
  const now = createClock(30_000)
  const query = createLiveQuery(
    SettingsQuery,
    () => ({}),
    () => false,
  )

  async function restore(version: number): Promise<void> {
    const asked = { title: system.goBackTo(version), lines: [system.goBackAbout], action: system.goBack }
    const planned = { change: 'restoreDaemonSettings', input: { version } }
    if (!(await preview(planned, showFailure, asked))) return
    const done = await act(RestoreMutation, { version })
    if (done) showGood(done.restoreDaemonSettings ? system.restored(version) : system.same)
    query.refresh()
  }

  return (
    <Loaded query={query}>
      {(data) => (
        <>
          <ul class="card divide-y divide-line">
            <For each={data.daemonSettings}>{(setting) => <SettingForm of={setting} changed={query.refresh} />}</For>
          </ul>
          <Show when={data.daemonSettingsHistory.length > 0}>
            <Section title={system.versions}>
              <ol class="card divide-y divide-line">
                <For each={data.daemonSettingsHistory}>
                  {(item, index) => (
                    <li class="px-4 py-3 flex flex-wrap justify-between items-center gap-2">
                      <span class="min-w-0 wrap-anywhere">
                        {item.version}. {item.reason}
                        <span class="block text-quiet text-sm">{ago(item.at, now())}</span>
                      </span>
                      <Show when={index() > 0}>
                        <Button onClick={() => restore(item.version)}>{system.goBack}</Button>
                      </Show>
                    </li>
                  )}
                </For>
              </ol>
            </Section>
          </Show>
        </>
      )}
    </Loaded>
  )
}

function SettingForm(props: { of: Setting; changed(): void }) {
  const [text, setText] = createSignal(`${props.of.value}`)
  const [refusal, setRefusal] = createSignal<Failure>()

  async function save(): Promise<void> {
    setRefusal(undefined)
    const number = text().trim() === '' ? Number.NaN : Number(text())
    const input = { key: props.of.key, value: Number.isNaN(number) ? text() : number }
    if (!(await preview({ change: 'setDaemonSetting', input }, setRefusal))) return
    if (await act(SetMutation, input, setRefusal)) showGood(system.saved(props.of.key))
    props.changed()
  }

  async function reset(): Promise<void> {
    setRefusal(undefined)
    const input = { key: props.of.key }
    if (!(await preview({ change: 'resetDaemonSetting', input }, setRefusal))) return
    if (await act(ResetMutation, input, setRefusal)) setText(`${props.of.default}`)
    props.changed()
  }

  return (
    <li class="p-4">
      <form
        class="flex flex-wrap gap-3 items-start max-w-2xl"
        novalidate
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <div class="grow basis-60">
          <Field
            label={props.of.key}
            help={`${props.of.help} ${system.usual(props.of.default)}`}
            value={text()}
            onInput={setText}
            problem={refusal()?.message}
          />
        </div>
        <div class="flex gap-2 sm:mt-6">
          <Button type="submit" disabled={text() === `${props.of.value}`}>
            {system.save}
          </Button>
          <Show when={props.of.isSet}>
            <Button kind="quiet" onClick={() => void reset()}>
              {system.reset}
            </Button>
          </Show>
        </div>
      </form>
    </li>
  )
}
