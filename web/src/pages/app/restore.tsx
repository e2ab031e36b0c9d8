import type { Navigator } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { appPage as texts } from '../../strings/app.ts'
import { Check, Choice } from '../../ui/choice.tsx'
import { confirm } from '../../ui/confirm.tsx'
import { Field } from '../../ui/field.tsx'
import { PlanView } from '../../ui/plan.tsx'

const RestoreMutation = graphql(`
  mutation RestoreThisApp($instance: String!, $app: String!, $backup: String!, $only: RestorePart, $otherVersion: Boolean, $beside: String) {
    restoreApp(instance: $instance, app: $app, backup: $backup, only: $only, otherVersion: $otherVersion, beside: $beside) { operationId }
  }
`)
const parts = ['all', 'database', 'volumes'] as const

/** Restores an app from a backup; what of it is chosen in the dialog, which shows what happens. */
export function createRestore(props: { instance: string; app: string }, navigate: Navigator) {
  return async (
    backup: { id: string; appVersion: string | null },
    { title, version }: { title: string; version: string },
  ): Promise<void> => {
    const [only, setOnly] = createSignal<(typeof parts)[number]>('all')
    const other = backup.appVersion !== null && backup.appVersion !== version
    const [otherVersion, setOtherVersion] = createSignal(false)
    const [beside, setBeside] = createSignal(false)
    const [namespace, setNamespace] = createSignal(`${props.app}-restored`)
    const input = () => ({
      instance: props.instance,
      app: props.app,
      backup: backup.id,
      only: only(),
      otherVersion: otherVersion(),
      ...(beside() ? { beside: namespace().trim() } : {}),
    })
    // The plan waits until the name is typed to its end.
    const [planned, setPlanned] = createSignal(input())
    const wanted = await confirm({
      title: texts.restoreTitle(title),
      lines: [],
      action: texts.restore,
      no: texts.keep,
      danger: true,
      word: () => (beside() ? undefined : props.app),
      more: () => (
        <div class="grid gap-4" onChange={() => setPlanned(input())}>
          <fieldset class="grid gap-2">
            <legend class="font-medium mb-1">{texts.restoreWhat}</legend>
            <For each={parts}>
              {(part) => (
                <Choice
                  group="part"
                  {...(beside() && part === 'all' ? texts.restoreAllData : texts.restoreParts[part])}
                  checked={only() === part}
                  choose={() => setOnly(part)}
                />
              )}
            </For>
          </fieldset>
          <fieldset class="grid gap-2">
            <legend class="font-medium mb-1">{texts.restoreWhere}</legend>
            <Choice group="place" {...texts.restoreInPlace} checked={!beside()} choose={() => setBeside(false)} />
            <Choice group="place" {...texts.restoreBeside} checked={beside()} choose={() => setBeside(true)} />
            <Show when={beside()}>
              <div class="pl-6 max-w-sm">
                <Field label={texts.besideName} value={namespace()} onInput={setNamespace} />
              </div>
            </Show>
          </fieldset>
          <Show when={other}>
            <Check
              title={texts.otherVersion(backup.appVersion ?? '', version)}
              checked={otherVersion()}
              onChange={setOtherVersion}
            />
          </Show>
          <PlanView of={{ type: 'app.restore', input: planned() }} />
        </div>
      ),
    })
    if (!wanted) return
    const done = await act(RestoreMutation, input())
    if (done) navigate(`/operations/${done.restoreApp.operationId}`)
  }
}
