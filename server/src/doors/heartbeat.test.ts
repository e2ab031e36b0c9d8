import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { serveEngine } from '../testing/doors.ts'
import { anEngine } from '../testing/engine.ts'

let engine: ReturnType<typeof anEngine>
let door: Awaited<ReturnType<typeof serveEngine>>
beforeEach(async () => {
  engine = anEngine()
  door = await serveEngine(engine, { heartbeatMs: 20 })
})
afterEach(async () => {
  await door.close()
  engine.close()
})

it('a silent operation shows by comments that its connection lives, and they are no events', async () => {
  let go: (() => void) | undefined
  const silence = new Promise<void>((resolve) => {
    go = resolve
  })
  engine.operations.define({
    type: 'a.b',
    title: () => 'Wait',
    input: z.strictObject({}),
    instance: () => undefined,
    locks: () => ['test'],
    steps: () => [{ name: 'wait', title: 'Wait', run: () => silence }],
  })
  const { id } = await engine.operations.start('a.b', {}, 'api')
  const [answer] = (await once(get(`${door.url}/api/v1/operations/${id}/logs`), 'response')) as [IncomingMessage]
  let text = ''
  for await (const part of answer.setEncoding('utf8')) {
    text += part
    // Three of them in a row, with nothing between: nothing else was happening.
    if (/(: still here\n\n){3}$/.test(text)) go?.()
  }
  expect(text).toMatch(/(: still here\n\n){3}/)
  expect(text).toMatch(/event: complete\ndata: .*"completed".*\n\n$/)
  const events = text.split('\n\n').filter((block) => block && !block.startsWith(':'))
  for (const block of events) expect(block).toMatch(/^event: (log|progress|complete)\n/)
})
