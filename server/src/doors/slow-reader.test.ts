import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { serveEngine } from '../testing/doors.ts'
import { anEngine } from '../testing/engine.ts'

const lines = 40_000
/** 40 MB of text in all: more than what may be kept for one reader. */
const padding = 'x'.repeat(1_000)
const mostMemory = 30e6

let engine: ReturnType<typeof anEngine>
let door: Awaited<ReturnType<typeof serveEngine>>
beforeEach(async () => {
  engine = anEngine()
  door = await serveEngine(engine)
})
afterEach(async () => {
  await door.close()
  engine.close()
})

/** An operation that talks once `begin` is called; `memory` is what the heap has grown by when it has ended. */
async function talkingOperation() {
  let begin: (() => void) | undefined
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  engine.operations.define({
    type: 'a.b',
    title: () => 'Talk',
    input: z.strictObject({}),
    instance: () => undefined,
    locks: () => ['test'],
    steps: () => [
      {
        name: 'talk',
        title: 'Talk',
        run: async ({ say }) => {
          await begun
          for (let line = 1; line <= lines; line++) {
            say(`${line} ${padding}`)
            if (line % 500 === 0) await new Promise((resolve) => setImmediate(resolve))
          }
        },
      },
    ],
  })
  const { id } = await engine.operations.start('a.b', {}, 'api')
  return {
    id,
    async memoryUntilEnd(): Promise<number> {
      const use = () => process.memoryUsage().heapUsed + process.memoryUsage().external
      global.gc?.()
      const before = use()
      begin?.()
      await engine.operations.ended(id)
      global.gc?.()
      return use() - before
    },
  }
}

describe('a reader that stops reading', () => {
  it('on a WebSocket costs no memory, and has every line once and in order when it goes on', async () => {
    const { id, memoryUntilEnd } = await talkingOperation()
    const socket = new WebSocket(`${door.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    await once(socket, 'open')
    const seen: number[] = []
    let completed = false
    const subscribed = new Promise<void>((resolve) =>
      socket.on('message', (data) => {
        const { type, payload } = JSON.parse(String(data))
        if (type === 'connection_ack') {
          const query = 'subscription ($id: String!) { operationLog(id: $id) { seq message } }'
          socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables: { id } } }))
        }
        if (type === 'next') seen.push(payload.data.operationLog.seq)
        if (seen.length === 1) resolve()
        if (type === 'complete') completed = true
      }),
    )
    socket.send(JSON.stringify({ type: 'connection_init' }))
    await subscribed
    socket.pause()
    expect(await memoryUntilEnd()).toBeLessThan(mostMemory)
    socket.resume()
    await expect.poll(() => completed, { timeout: 120_000 }).toBe(true)
    expect(seen).toEqual(Array.from({ length: seen.length }, (_, index) => index + 1))
    expect(seen.length).toBeGreaterThan(lines)
    socket.terminate()
  })

  it('of server-sent events costs no memory, and has every line once and in order over two connections', async () => {
    const { id, memoryUntilEnd } = await talkingOperation()
    const path = `${door.url}/api/v1/operations/${id}/logs`
    const [first] = (await once(get(path), 'response')) as [IncomingMessage]
    first.setEncoding('utf8')
    await once(first, 'readable')
    expect(await memoryUntilEnd()).toBeLessThan(mostMemory)
    let text = ''
    for await (const part of first) {
      text += part
      if (text.length > 1_000_000) break
    }
    // What was cut off in the middle of an event does not count.
    const whole = text.slice(0, text.lastIndexOf('\n\n'))
    const seen = idsOf(whole)
    const headers = { 'last-event-id': String(seen.at(-1)) }
    const [second] = (await once(get(path, { headers }), 'response')) as [IncomingMessage]
    const rest = await second.setEncoding('utf8').reduce((all, part) => all + part, '')
    const ids = [...seen, ...idsOf(rest)]
    expect(ids).toEqual(Array.from({ length: ids.length }, (_, index) => index + 1))
    expect(ids.length).toBeGreaterThan(lines)
    expect(rest).toMatch(/event: complete\ndata: .*"completed".*\n\n$/)
  })
})

function idsOf(events: string): number[] {
  return [...events.matchAll(/^event: log\nid: (\d+)$/gm)].map(([, id]) => Number(id))
}
