import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import { serveEngine } from '../../server/src/testing/doors.ts'
import { anEngine } from '../../server/src/testing/engine.ts'

/** What one run of lines to many subscribers took. */
export interface Delivery {
  /** All lines to all subscribers, ms. */
  took: number
  /** From the event to a subscriber, ms. */
  p50: number
  p99: number
  /** Most memory of the sending process above what it had before, MB. */
  memory: number
}

/** How lines are sent: `pause` ms between two of them, 0 as fast as they can be taken. */
export interface Pace {
  lines: number
  pause: number
}

const batch = 500
const stamp = () => String(process.hrtime.bigint())

function subscribers(url: string, kind: 'graphql' | 'bare', id: string, count: number, lines: number): ChildProcess {
  return fork(join(import.meta.dirname, 'subscribers.ts'), [url, kind, id, String(count), String(lines)])
}

/** Watches memory and the clock while `send` runs and until the subscribers have everything. */
async function measure(child: ChildProcess, send: () => Promise<void>): Promise<Delivery> {
  global.gc?.()
  const before = process.memoryUsage().rss
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss)
  }, 20)
  const start = performance.now()
  const result = once(child, 'message')
  child.once('exit', (code) => code && child.emit('error', new Error('the subscribers stopped')))
  await send()
  const [{ p50, p99 }] = (await result) as [{ p50: number; p99: number }]
  clearInterval(watch)
  return { took: performance.now() - start, p50, p99, memory: Math.max(0, (most - before) / 1e6) }
}

/** The product: an operation says lines; they are masked, persisted, and delivered by GraphQL subscription. */
export async function deliver(count: number, { lines, pause }: Pace): Promise<Delivery> {
  const engine = anEngine()
  const door = await serveEngine(engine)
  let begin: (() => void) | undefined
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  engine.operations.define({
    type: 'bench.delivery',
    title: () => 'Lines',
    input: z.strictObject({}),
    instance: () => undefined,
    locks: () => ['bench'],
    steps: () => [
      {
        name: 'talk',
        title: 'Talk',
        run: async ({ say }) => {
          await begun
          for (let line = 1; line <= lines; line++) {
            say(stamp())
            if (pause) await delay(pause)
            else if (line % batch === 0) await new Promise((resolve) => setImmediate(resolve))
          }
        },
      },
    ],
  })
  const { id } = await engine.operations.start('bench.delivery', {}, 'api')
  const child = subscribers(`${door.url.replace('http', 'ws')}/graphql`, 'graphql', id, count, lines)
  await once(child, 'message')
  const result = await measure(child, async () => {
    begin?.()
    await engine.operations.ended(id)
  })
  await door.close()
  engine.close()
  return result
}

/** The yardstick: the same messages, built once and written to every socket, nothing kept. */
export async function broadcast(count: number, { lines, pause }: Pace): Promise<Delivery> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  const message = (seq: number, text: string) =>
    JSON.stringify({
      id: 'x',
      type: 'next',
      payload: {
        data: { operationLog: { seq, at: new Date().toISOString(), stream: 'step', step: 'talk', message: text } },
      },
    })
  server.on('connection', (socket) => socket.send(message(0, '0')))
  await once(server, 'listening')
  const child = subscribers(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, 'bare', 'x', count, lines)
  await once(child, 'message')
  const sendTo = (socket: WebSocket, text: string) => new Promise<void>((resolve) => socket.send(text, () => resolve()))
  const result = await measure(child, async () => {
    let sending: Promise<void>[] = []
    for (let line = 1; line <= lines; line++) {
      const text = message(line, stamp())
      for (const socket of server.clients) sending.push(sendTo(socket, text))
      if (!pause && line % batch) continue
      await Promise.all(sending)
      sending = []
      if (pause) await delay(pause)
    }
    await Promise.all(sending)
  })
  for (const socket of server.clients) socket.terminate()
  server.close()
  return result
}
