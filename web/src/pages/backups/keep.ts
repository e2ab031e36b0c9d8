import { useNavigate } from '@solidjs/router'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { backups as texts } from '../../strings/backups.ts'
import { confirm } from '../../ui/confirm.tsx'
import { showFailure } from '../../ui/toasts.tsx'

const VerifyMutation = graphql(
  'mutation VerifyBackup($instance: String, $backup: String!) { verifyBackup(instance: $instance, backup: $backup) { operationId } }',
)
const DeleteMutation = graphql(
  'mutation DeleteBackup($instance: String, $backup: String!, $force: Boolean) { deleteBackup(instance: $instance, backup: $backup, force: $force) { operationId } }',
)

/** What is done with any backup; of the device when no instance is named. Operations that start are shown. */
export function createKeeping(instance: () => string | undefined) {
  const navigate = useNavigate()
  function follow(started: { operationId: string } | null | undefined): void {
    if (started) navigate(`/operations/${started.operationId}`)
  }

  async function remove(backup: string): Promise<void> {
    const input = { instance: instance(), backup }
    const asked = { title: texts.removeTitle(backup), lines: texts.removeLines, action: texts.remove, danger: true }
    if (!(await confirm(asked))) return
    let isLast = false
    const done = await act(DeleteMutation, input, (failure) => {
      isLast = failure.details.field === 'force'
      if (!isLast) showFailure(failure)
    })
    if (done) return follow(done.deleteBackup)
    const last = { title: texts.lastGoodTitle, lines: texts.lastGoodLines, action: texts.lastGoodAction, danger: true }
    if (isLast && (await confirm({ ...last, word: 'remove' })))
      follow((await act(DeleteMutation, { ...input, force: true }))?.deleteBackup)
  }

  return {
    follow,
    remove,
    async verify(backup: string): Promise<void> {
      follow((await act(VerifyMutation, { instance: instance(), backup }))?.verifyBackup)
    },
  }
}
