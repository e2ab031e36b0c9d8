import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { writeFileAtomic } from '../platform/atomic-file.ts'
import type { Clock } from '../platform/clock.ts'
import { createYamlFile } from '../platform/yaml-file.ts'
import { anEngine, instantClock } from '../testing/engine.ts'
import { mountTinyDisk } from '../testing/tiny-disk.ts'
import type { Step, StepContext } from './define.ts'
import type { OperationRecord } from './record.ts'

let engine: ReturnType<typeof anEngine>
function use(options: Parameters<typeof anEngine>[0] = {}): void {
  engine = anEngine(options)
}
beforeEach(() => use())
afterEach(() => engine.close())

function define(run: Step['run'], rest: Partial<Step> = {}): void {
  engine.operations.define({
    type: 'a.b',
    title: () => 'Test',
    input: z.strictObject({}),
    instance: () => 'home',
    locks: () => ['instances/home'],
    steps: () => [{ name: 'one', title: 'One', run, ...rest }],
  })
}

const start = () => engine.operations.start('a.b', {}, 'api')
async function runToEnd(): Promise<OperationRecord> {
  return engine.operations.ended((await start()).id)
}
const shell = (ctx: StepContext, script: string) => ctx.run({ tool: 'sh', args: ['-c', script], timeoutMs: 20_000 })
const node = (ctx: StepContext, script: string) => ctx.run({ tool: 'node', args: ['-e', script], timeoutMs: 20_000 })

/** The engine goes on: nothing is held, and the next operation completes. */
async function expectAlive(): Promise<void> {
  expect(engine.operations.holders('instances/home')).toEqual([])
  define(async ({ say }) => say('alive'))
  expect((await runToEnd()).status).toBe('completed')
}

async function expectFailure(expected: object): Promise<OperationRecord> {
  const record = await runToEnd()
  expect(record).toMatchObject({ status: 'failed', error: expected })
  expect(record.steps[0]).toMatchObject({ state: 'failed', message: record.error!.message })
  await expectAlive()
  return record
}

describe('a failed step, a free lock and a living engine are what is left of a command that', () => {
  it('hangs until its time limit', async () => {
    define(async (ctx) => void (await ctx.run({ tool: 'sleep', args: ['1000'], timeoutMs: 200 })))
    await expectFailure({ code: 'TIMEOUT', message: 'sleep 1000 did not answer within 0 s and was ended.' })
  })

  it('exits 1 after 5 MB of stderr', async () => {
    define(async (ctx) => {
      await node(ctx, `process.stderr.write('no route\\n'+'x'.repeat(5 * 1024 * 1024)); process.exitCode = 1`)
    })
    const record = await expectFailure({ code: 'TOOL_FAILED', details: { exit_code: 1 } })
    expect(JSON.stringify(record).length).toBeLessThan(20_000)
  })

  it('prints what is not UTF-8, then fails', async () => {
    define(async (ctx) => void (await shell(ctx, `printf 'bad \\377\\376 bytes\\n' >&2; exit 3`)))
    await expectFailure({ code: 'TOOL_FAILED', message: expect.stringContaining('failed: bad \uFFFD\uFFFD bytes') })
  })

  it('prints 10 MB on one line, then fails', async () => {
    define(async (ctx) => void (await shell(ctx, 'head -c 10485760 /dev/zero | tr "\\0" y; exit 1')))
    const record = await expectFailure({ code: 'TOOL_FAILED' })
    const lines = engine.operations.journal.lines(record.id, 0)
    expect(Math.max(...lines.map(({ message }) => message.length))).toBeLessThan(10_000)
  })

  it('is killed from outside', async () => {
    define(async (ctx) => void (await shell(ctx, 'kill -9 $$')))
    await expectFailure({ code: 'TOOL_FAILED', message: expect.stringContaining('was ended from outside (SIGKILL)') })
  })
})

describe('cancelling', () => {
  it('kills a command that ignores SIGTERM after its grace, then undoes and frees the lock', async () => {
    let pid = 0
    let undone = false
    define(
      async (ctx) => {
        await node(ctx, `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log(process.pid)`)
      },
      {
        undo: async () => {
          undone = true
        },
      },
    )
    const { id } = await start()
    for await (const line of engine.operations.journal.follow(id, 0))
      if (line.stream === 'stdout') {
        pid = Number(line.message)
        break
      }
    engine.operations.cancel(id)
    expect(await engine.operations.ended(id)).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' } })
    expect(() => process.kill(pid, 0)).toThrow()
    expect(undone).toBe(true)
    await expectAlive()
  })

  it('ends an operation whose look at the world hangs and ignores the signal', async () => {
    define(async () => undefined, { done: () => new Promise(() => undefined) })
    const { id } = await start()
    for await (const record of engine.operations.journal.watch(id)) if (record.steps[0]?.state === 'running') break
    engine.operations.cancel(id)
    expect((await engine.operations.ended(id)).status).toBe('cancelled')
    await expectAlive()
  })
})

describe('100,000 lines', () => {
  it('are all kept in order while other work goes on and memory stays bounded', async () => {
    const lines = 100_000
    define(async (ctx) => void (await shell(ctx, `seq 1 ${lines}`)))
    let turns = 0
    let longest = 0
    let mostMemory = 0
    let last = performance.now()
    const before = process.memoryUsage().rss
    const beat = setInterval(() => {
      turns++
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
      mostMemory = Math.max(mostMemory, process.memoryUsage().rss)
    }, 1)
    const from = performance.now()
    const record = await runToEnd()
    const took = performance.now() - from
    clearInterval(beat)
    expect(record.status).toBe('completed')
    const { journal } = engine.operations
    const printed: string[] = []
    for await (const line of journal.follow(record.id, 0)) if (line.stream === 'stdout') printed.push(line.message)
    expect(printed).toEqual(Array.from({ length: lines }, (_, index) => `${index + 1}`))
    console.info(
      `100,000 lines: longest pause of the event loop ${((100 * longest) / took).toFixed(1)} % of the run, ${turns} turns, memory +${Math.round((mostMemory - before) / 1e6)} MB`,
    )
    expect(turns).toBeGreaterThan(10)
    expect(longest / took).toBeLessThan(0.5)
    expect(mostMemory - before).toBeLessThan(300e6)
  })
})

describe('a database that another program locks', () => {
  it('for a while delays the log and loses nothing', async () => {
    const other = engine.sibling()
    define(async (ctx) => {
      other.exec('begin immediate')
      for (let i = 0; i < 3_000; i++) ctx.say(`line ${i}`)
      await delay(100)
      other.exec('commit')
    })
    const record = await runToEnd()
    expect(record.status).toBe('completed')
    const messages = engine.operations.journal.lines(record.id, 0, 5_000).map(({ message }) => message)
    expect(messages.filter((message) => message.startsWith('line'))).toEqual(
      Array.from({ length: 3_000 }, (_, index) => `line ${index}`),
    )
    await expectAlive()
  })

  it('for long fails the step and says what to close', async () => {
    const other = engine.sibling()
    define(async (ctx) => {
      other.exec('begin immediate')
      try {
        for (let i = 0; ; i++) {
          ctx.say(`line ${i}`)
          if (i % 1_000 === 0) await delay(1)
        }
      } finally {
        other.exec('commit')
      }
    })
    await expectFailure({ code: 'INTERNAL', message: expect.stringContaining('keeps the database') })
  })
})

describe('a clock that jumps back', () => {
  it('changes neither the order of operations nor of lines, nor how long it usually takes', async () => {
    engine.close()
    const clock: Clock & { jump?: number } = { ...instantClock() }
    const now = clock.now
    clock.now = () => now() + (clock.jump ?? 0)
    use({ clock })
    define(async (ctx) => {
      ctx.say('before')
      clock.jump = (clock.jump ?? 0) - 3_600_000
      ctx.say('after')
    })
    const [first, second] = [await runToEnd(), await runToEnd()]
    expect([first.status, second.status]).toEqual(['completed', 'completed'])
    expect(engine.operations.journal.list({}).map(({ id }) => id)).toEqual([second.id, first.id])
    const messages = engine.operations.journal.lines(first.id, 0).map(({ message }) => message)
    expect(messages.indexOf('before')).toBeLessThan(messages.indexOf('after'))
    expect(engine.operations.usualMs('a.b') ?? 0).toBeGreaterThanOrEqual(0)
    await expectAlive()
  })
})

const disk = mountTinyDisk(4)
afterAll(() => disk?.remove())

describe.skipIf(!disk)('a full disk (needs root for a small file system)', () => {
  beforeEach(() => {
    engine.close()
    use({ folder: join(disk!.path, 'data') })
  })

  it('while lines are logged fails the step, undoes it, and frees the lock once there is space', async () => {
    let undone = false
    define(
      async (ctx) => {
        disk!.fill()
        await shell(ctx, 'while :; do echo another line of a long story; done')
      },
      {
        undo: async (ctx) => {
          await ctx.run({ tool: 'true', args: [] })
          undone = true
        },
      },
    )
    const { id } = await start()
    const record = await engine.operations.ended(id).finally(() => disk!.free())
    expect(undone).toBe(true)
    // The end could not be written at that moment; it is as soon as there is space.
    let last = record
    for await (const state of engine.operations.journal.watch(id)) last = state
    expect(last).toMatchObject({
      status: 'failed',
      error: { code: 'DISK_FULL', message: expect.stringContaining('disk') },
      steps: [{ state: 'failed' }],
    })
    await expectAlive()
  })

  it('while a YAML file is written leaves the old text and no temporary file', async () => {
    const path = join(disk!.path, 'config.yaml')
    await writeFileAtomic(path, 'a: 1\n')
    const file = createYamlFile(path, 'config.yaml')
    define(async () => {
      disk!.fill()
      await file.change([{ path: ['b'], value: 'x'.repeat(100_000) }])
    })
    const { id } = await start()
    await engine.operations.ended(id).finally(() => disk!.free())
    let last: OperationRecord | undefined
    for await (const state of engine.operations.journal.watch(id)) last = state
    expect(last).toMatchObject({ status: 'failed', error: { code: 'DISK_FULL' } })
    expect(readFileSync(path, 'utf8')).toBe('a: 1\n')
    await expectAlive()
    expect(await file.change([{ path: ['b'], value: 2 }])).toBe(true)
    expect(readFileSync(path, 'utf8')).toBe('a: 1\nb: 2\n')
  })
})
