import { afterEach, beforeEach, expect, it } from 'vitest'
import { openFeed, sendEvent, startTestDaemon, type TestDaemon } from '../testing/test-daemon.ts'
import { createRestClient } from './client.ts'
import { operationEvents } from './operation-events.ts'

let daemon: TestDaemon
beforeEach(async () => {
  daemon = await startTestDaemon()
})
afterEach(() => daemon.stop())

it('gives up when the daemon stays away, and says how to return', async () => {
  let lost = 0
  daemon.on('GET /operations/op_1/logs', (_call, response) => {
    openFeed(response)
    sendEvent(response, 'log', 1, { message: 'one', seq: 1 })
  })
  const options = { signal: new AbortController().signal, onLost: () => void lost++, retryForMs: 0 }
  const events = operationEvents(createRestClient(daemon.url, undefined), 'op_1', options)
  expect((await events.next()).value).toMatchObject({ event: 'log', data: { message: 'one' } })
  await daemon.stop()
  await expect(events.next()).rejects.toMatchObject({ exit: 6, next: [expect.stringContaining('operation logs op_1')] })
  expect(lost).toBe(1)
})

it('does not try again when the daemon was never there', async () => {
  await daemon.stop()
  const events = operationEvents(createRestClient(daemon.url, undefined), 'op_1', {
    signal: new AbortController().signal,
  })
  await expect(events.next()).rejects.toMatchObject({ exit: 6, code: 'DAEMON_UNREACHABLE' })
})

it('leaves out events that cannot be read', async () => {
  daemon.on('GET /operations/op_1/logs', (_call, response) => {
    openFeed(response)
    response.write('event: log\ndata: {broken\n\nevent: news\ndata: {}\n\n')
    sendEvent(response, 'complete', 1, { status: 'completed' })
  })
  const events = operationEvents(createRestClient(daemon.url, undefined), 'op_1', {
    signal: new AbortController().signal,
  })
  const seen = await collect(events)
  expect(seen).toEqual([{ event: 'complete', data: { status: 'completed' } }])
})

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
