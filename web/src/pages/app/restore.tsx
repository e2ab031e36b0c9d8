import { useNavigate } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { appPage as texts } from '../../strings/app.ts'
import { confirm } from '../../ui/confirm.tsx'
import { PlanView } from '../../ui/plan.tsx'

const RestoreMutation = graphql(`
  mutation RestoreThisApp($instance: String!, $app: String!, $backup: String!, $only: RestorePart, $otherVersion: Boolean) {
    restoreApp(instance: $instance, app: $app, backup: $backup, only: $only, otherVersion: $otherVersion) { operationId }
  }
`)
const parts = ['all', 'database', 'volumes'] as const

/** Restores an app from a backup; what of it is chosen in the dialog, which shows what happens. */
export function createRestore(props: { instance: string; app: string }) {
  const navigate = useNavigate()
  return async (
    backup: { id: string; appVersion: string | null },
    { title, version }: { title: string; version: string },
  ): Promise<void> => {
    const [only, setOnly] = createSignal<(typeof parts)[number]>('all')
    const other = backup.appVersion !== null && backup.appVersion !== version
    const [otherVersion, setOtherVersion] = createSignal(false)
    const input = () => ({
      instance: props.instance,
      app: props.app,
      backup: backup.id,
      only: only(),
      otherVersion: otherVersion(),
    })
    const wanted = await confirm({
      title: texts.restoreTitle(title),
      lines: texts.restoreLines,
      action: texts.restore,
      no: texts.keep,
      danger: true,
      word: props.app,
      more: () => (
        <>
          <fieldset class="grid gap-2">
            <legend class="font-medium mb-1">{texts.restoreWhat}</legend>
            <For each={parts}>
              {(part) => (
                <label class="flex gap-2 items-start">
                  <input
                    type="radio"
                    name="part"
                    class="mt-1"
                    checked={only() === part}
                    onChange={() => setOnly(part)}
                  />
                  <span>
                    {texts.restoreParts[part][0]}
                    <span class="block text-quiet text-sm">{texts.restoreParts[part][1]}</span>
                  </span>
                </label>
              )}
            </For>
          </fieldset>
          <Show when={other}>
            <label class="flex gap-2 items-start">
              <input
                type="checkbox"
                class="mt-1"
                checked={otherVersion()}
                onChange={(event) => setOtherVersion(event.currentTarget.checked)}
              />
              {texts.otherVersion(backup.appVersion ?? '', version)}
            </label>
          </Show>
          <Show when={input()} keyed>
            {(of) => <PlanView of={{ type: 'app.restore', input: of }} />}
          </Show>
        </>
      ),
    })
    if (!wanted) return
    const done = await act(RestoreMutation, input())
    if (done) navigate(`/operations/${done.restoreApp.operationId}`)
  }
}
