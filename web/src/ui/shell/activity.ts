import { useLocation } from '@solidjs/router'
import { createEffect, createSignal, onCleanup } from 'solid-js'
import { type OperationNews, onNews } from '../../graphql/news.ts'
import { shell } from '../../strings/shell.ts'
import { showBad, showGood } from '../toasts.tsx'

const isAtWork = ({ status }: Pick<OperationNews, 'status'>) => status === 'running' || status === 'pending'

const [running, setRunning] = createSignal<ReadonlyMap<string, string>>(new Map())

/** Operations at work now: their titles by id, kept by the feed and not by asking. */
export { running }

/** Keeps `running`, and tells of operations that ended while the reader was elsewhere. `known` is what was asked for at first. */
export function watchActivity(known: () => Pick<OperationNews, 'operationId' | 'title'>[] | undefined): void {
  const location = useLocation()
  createEffect(() => {
    const asked = known()
    if (asked) setRunning(new Map(asked.map(({ operationId, title }) => [operationId, title])))
  })
  onCleanup(
    onNews(({ operation }) => {
      if (!operation) return
      const { operationId, title } = operation
      const wasRunning = running().has(operationId)
      if (isAtWork(operation) === wasRunning) return
      setRunning((now) => {
        const next = new Map(now)
        if (wasRunning) next.delete(operationId)
        else next.set(operationId, title)
        return next
      })
      if (wasRunning && location.pathname !== `/operations/${operationId}`) tellEnd(operation)
    }),
  )
}

function tellEnd({ operationId, title, status }: OperationNews): void {
  const href = `/operations/${operationId}`
  if (status === 'completed') showGood(shell.finished(title), href)
  else showBad(status === 'cancelled' ? shell.cancelled(title) : shell.failed(title), href)
}
