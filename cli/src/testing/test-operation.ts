import type { Account } from '../rest/types.ts'
import { data, openFeed, sendEvent, type TestDaemon } from './test-daemon.ts'

export interface TestOperation {
  id: string
  steps: { title: string; state: string; id?: string; parent?: string; attempt?: number }[]
  status?: string
  result?: unknown
  error?: unknown
  warnings?: string[]
  usualMs?: number
  account?: Account
}

/** Lets the daemon know an operation that is over: its record, and its feed from the first event to the last. */
export function addOperation(
  daemon: TestDaemon,
  { id, steps, status = 'completed', result, error, warnings, usualMs, account }: TestOperation,
): void {
  const numbered = steps.map((step, i) => ({ id: `s${i + 1}`, progress: 100, ...step }))
  const record = {
    operation_id: id,
    type: 'test.run',
    instance: 'home',
    status,
    progress: 100,
    steps: numbered,
    result,
    error,
    warnings,
    usual_ms: usualMs,
    account,
  }
  daemon.on(`GET /operations/${id}`, data({ ...record, logs: numbered.map(({ title }) => title) }))
  daemon.on(`GET /operations/${id}/logs`, (_call, response) => {
    openFeed(response)
    sendEvent(response, 'log', 1, { message: `EXEC: tool for ${id}`, stream: 'command', seq: 1 })
    sendEvent(response, 'progress', 2, { progress: 100, message: '', status, steps: numbered })
    sendEvent(response, 'complete', 3, { status, error })
    response.end()
  })
}
