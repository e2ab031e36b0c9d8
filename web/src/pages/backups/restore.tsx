import { createSignal, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createRefusal } from '../../graphql/refusal.ts'
import { backups as texts } from '../../strings/backups.ts'
import { confirm } from '../../ui/confirm.tsx'
import { Field } from '../../ui/field.tsx'
import { FailureNotice } from '../../ui/notice.tsx'
import { PlanView } from '../../ui/plan.tsx'

const RestoreMutation = graphql(
  'mutation RestoreFromBackup($instance: String!, $backup: String!, $name: String) { restoreFromBackup(instance: $instance, backup: $backup, name: $name) { operationId } }',
)
const TakeEtcdMutation = graphql(
  'mutation TakeEtcdFromBackup($instance: String!, $backup: String!) { takeEtcdFromBackup(instance: $instance, backup: $backup) { operationId } }',
)

/** Asks for a name, shows the plan, and makes an instance of a backup; asks again where the name is refused. */
export async function restoreHome(instance: string, backup: string) {
  const [name, setName] = createSignal(`${instance}-restored`)
  const { refuse, against, elsewhere } = createRefusal('name')
  for (;;) {
    const wanted = await confirm({
      title: texts.restoreHomeTitle(instance),
      lines: texts.restoreHomeLines,
      action: texts.makeIt,
      no: texts.notNow,
      word: instance,
      more: () => (
        <>
          <Field label={texts.newName} value={name()} onInput={setName} problem={against('name')} />
          <Show when={elsewhere()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
          <Show when={name().trim()} keyed>
            {(given) => <PlanView of={{ type: 'backup.restore', input: { instance, backup, name: given } }} />}
          </Show>
        </>
      ),
    })
    if (!wanted) return undefined
    refuse(undefined)
    const done = await act(RestoreMutation, { instance, backup, name: name().trim() }, refuse)
    if (done) return done.restoreFromBackup
  }
}

/** Shows the plan, and puts what a backup holds of etcd among the snapshots. */
export async function takeEtcd(instance: string, backup: string) {
  const wanted = await confirm({
    title: texts.takeEtcdTitle,
    lines: texts.takeEtcdLines,
    action: texts.takeEtcdAction,
    no: texts.notNow,
    more: () => <PlanView of={{ type: 'backup.take-etcd', input: { instance, backup } }} />,
  })
  return wanted ? (await act(TakeEtcdMutation, { instance, backup }))?.takeEtcdFromBackup : undefined
}
