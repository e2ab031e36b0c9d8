import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { WildError } from '../platform/errors.ts'
import { anEngine, instantClock } from '../testing/engine.ts'
import { NotYet, type Step, type StepItem } from './define.ts'
import type { OperationRecord } from './engine.ts'

let engine: ReturnType<typeof anEngine>
beforeEach(() => {
  engine = anEngine()
})
afterEach(() => engine.close())

function define(type: string, steps: StepItem[], locks = ['instances/home']): void {
  engine.operations.define({
    type,
    title: () => `Test ${type}`,
    input: z.strictObject({ instance: z.string() }),
    instance: ({ instance }) => instance,
    locks: () => locks,
    steps: () => steps,
  })
}

async function runToEnd(type: string): Promise<OperationRecord> {
  const { id } = await engine.operations.start(type, { instance: 'home' }, 'api')
  return engine.operations.ended(id)
}

function step(name: string, rest: Partial<Step> = {}): Step {
  return { name, title: name, run: async () => undefined, ...rest }
}

const forever = (signal: AbortSignal) =>
  new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

/** A process that has ended but was not collected yet (state Z) is not alive. */
function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return false
  }
}

function messages(id: string): string[] {
  return engine.operations.journal.lines(id, 0).map(({ message }) => message)
}

describe('an operation', () => {
  it('runs its steps in order and completes at 100', async () => {
    const seen: string[] = []
    define('a.b', [
      step('one', { run: async () => void seen.push('one') }),
      step('two', { run: async () => void seen.push('two') }),
    ])
    const record = await runToEnd('a.b')
    expect(seen).toEqual(['one', 'two'])
    expect(record).toMatchObject({ status: 'completed', progress: 100, via: 'api', instance: 'home' })
    expect(messages(record.id)).toContain('Step 2/2: two')
  })

  it('skips what is already done and says so', async () => {
    let runs = 0
    define('a.b', [step('one', { done: () => runs > 0, run: async () => void runs++ })])
    await runToEnd('a.b')
    const again = await runToEnd('a.b')
    expect(runs).toBe(1)
    expect(again.steps[0]!.state).toBe('skipped')
    expect(messages(again.id)).toContain('one: already done')
  })

  it('stops at the first failure, names it, and blocks what comes after', async () => {
    define('a.b', [
      step('one'),
      step('two', { run: () => Promise.reject(new WildError('TOOL_FAILED', 'kubectl said no.', { exit_code: 1 })) }),
      step('three'),
    ])
    const record = await runToEnd('a.b')
    expect(record.status).toBe('failed')
    expect(record.error).toEqual({ code: 'TOOL_FAILED', message: 'kubectl said no.', details: { exit_code: 1 } })
    expect(record.steps.map(({ state }) => state)).toEqual(['done', 'failed', 'blocked'])
  })

  it('refuses what a step needs before anything runs', async () => {
    let ran = false
    define('a.b', [
      step('one', {
        needs: () => {
          throw new WildError('CLUSTER_UNREACHABLE', 'Bootstrap first.')
        },
        run: async () => {
          ran = true
        },
      }),
    ])
    expect((await runToEnd('a.b')).error?.code).toBe('CLUSTER_UNREACHABLE')
    expect(ran).toBe(false)
  })

  it('takes back a half-finished step when it fails, and keeps the first error when that fails too', async () => {
    const undone: string[] = []
    define('a.b', [
      step('one', { undo: async () => void undone.push('one') }),
      step('two', {
        run: () => Promise.reject(new WildError('TOOL_FAILED', 'first')),
        undo: async () => {
          undone.push('two')
          throw new Error('second')
        },
      }),
    ])
    const record = await runToEnd('a.b')
    expect(undone).toEqual(['two'])
    expect(record.error?.message).toBe('first')
    expect(record.warnings[0]).toContain('could not take everything back')
  })

  it('fails a step that outlives its time limit', async () => {
    define('a.b', [step('slow', { timeoutMs: 20, run: ({ signal }) => forever(signal) })])
    expect((await runToEnd('a.b')).error).toMatchObject({
      code: 'TIMEOUT',
      message: '"slow" did not finish within 0 s.',
    })
  })

  it('hides secrets made during the operation in log, result, message and error', async () => {
    define('a.b', [
      step('one', {
        run: async (ctx) => {
          ctx.hide(['s3cret-value'])
          ctx.say('made s3cret-value')
          ctx.result({ token: 's3cret-value' })
          throw new WildError('TOOL_FAILED', 'bad s3cret-value', {
            output: Buffer.from('s3cret-value').toString('base64'),
          })
        },
      }),
    ])
    const record = await runToEnd('a.b')
    const everything = JSON.stringify([
      record,
      messages(record.id),
      engine.db.$client.prepare('select * from operations').all(),
    ])
    expect(everything).not.toContain('s3cret-value')
    expect(everything).not.toContain(Buffer.from('s3cret-value').toString('base64'))
    expect(everything).toContain('made ***')
  })
})

describe('locks', () => {
  it('refuse a second operation on the same thing at once, naming the first', async () => {
    define('a.b', [step('one', { run: ({ signal }) => forever(signal) })], ['instances/home/apps/ghost'])
    define('c.d', [step('one')], ['instances/home'])
    const first = await engine.operations.start('a.b', { instance: 'home' }, 'web')
    const refusal = await engine.operations.start('c.d', { instance: 'home' }, 'cli').catch((error) => error)
    expect(refusal).toMatchObject({ code: 'OPERATION_IN_PROGRESS', details: { operation_id: first.id } })
    expect(engine.operations.journal.list({})).toHaveLength(1)
    engine.operations.cancel(first.id)
    await engine.operations.ended(first.id)
    expect((await runToEnd('c.d')).status).toBe('completed')
  })
})

describe('cancelling', () => {
  it('ends a wait at once, undoes the step and frees the lock', async () => {
    let undone = false
    define('a.b', [
      step('wait', {
        run: async (ctx) => void (await ctx.waitFor({ what: 'godot', look: () => Promise.reject(new NotYet('no')) })),
        undo: async () => {
          undone = true
        },
      }),
      step('after'),
    ])
    const { id } = await engine.operations.start('a.b', { instance: 'home' }, 'web')
    for await (const record of engine.operations.journal.watch(id))
      if (record.steps[0]?.message?.includes('godot')) break
    engine.operations.cancel(id)
    const record = await engine.operations.ended(id)
    expect(record).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' } })
    expect(record.steps.map(({ state }) => state)).toEqual(['cancelled', 'blocked'])
    expect(undone).toBe(true)
    expect(engine.operations.holders('instances/home')).toEqual([])
  })

  it('ends the whole process group of a running command', async () => {
    define('a.b', [
      step('sleep', {
        run: async (ctx) => void (await ctx.run({ tool: 'sh', args: ['-c', 'sleep 1000 & echo $!; wait'] })),
      }),
    ])
    const { id } = await engine.operations.start('a.b', { instance: 'home' }, 'web')
    let pid = 0
    for await (const line of engine.operations.journal.follow(id, 0))
      if (line.stream === 'stdout') {
        pid = Number(line.message)
        break
      }
    engine.operations.cancel(id)
    await engine.operations.ended(id)
    expect(isAlive(pid)).toBe(false)
  })

  it('is refused once the operation has ended', async () => {
    define('a.b', [step('one')])
    const { id } = await runToEnd('a.b')
    expect(() => engine.operations.cancel(id)).toThrow(/already ended/)
  })
})

describe('a daemon that died', () => {
  it('leaves failed operations, free locks and no children behind at the next start', async () => {
    define('a.b', [step('sleep', { run: async (ctx) => void (await ctx.run({ tool: 'sleep', args: ['1000'] })) })])
    const { id } = await engine.operations.start('a.b', { instance: 'home' }, 'web')
    for await (const line of engine.operations.journal.follow(id, 0)) if (line.message.startsWith('EXEC:')) break
    const { pid } = engine.db.$client.prepare('select pid from operation_commands').get() as { pid: number }
    // A second engine on the same database is what the next start sees.
    const next = anEngine({ folder: engine.folder })
    expect(next.operations.recover()).toBe(1)
    expect(next.operations.get(id)).toMatchObject({
      status: 'failed',
      error: { code: 'DAEMON_RESTARTED', details: { hint: `wild-cli operation retry ${id}` } },
    })
    expect(next.operations.account(next.operations.get(id)).state.at(-1)).toContain('other work can start')
    expect(next.operations.holders('instances/home')).toEqual([])
    await engine.operations.ended(id)
    expect(isAlive(pid)).toBe(false)
    next.db.$client.close()
  })
})

describe('groups', () => {
  const group = (steps: StepItem[], rest = {}): StepItem => ({ name: 'all', title: 'All', parallel: 2, steps, ...rest })
  const child = (name: string, run: Step['run'], rest = {}): StepItem => ({
    name,
    title: name,
    steps: [step('do', { run })],
    ...rest,
  })

  it('start a child when what it comes after has ended, and run the others meanwhile', async () => {
    const order: string[] = []
    const log = (name: string) => async () => void order.push(name)
    define('a.b', [
      group([
        child('c', log('c'), { after: ['a', 'b'] }),
        child('a', log('a')),
        child('b', log('b'), { after: ['a'] }),
      ]),
    ])
    expect((await runToEnd('a.b')).status).toBe('completed')
    expect(order).toEqual(['a', 'b', 'c'])
  })

  it('fail when a child fails, block its dependents, and let independent children finish', async () => {
    define('a.b', [
      group([
        child('bad', () => Promise.reject(new WildError('TOOL_FAILED', 'no'))),
        child('after', async () => undefined, { after: ['bad'] }),
        child('free', async () => undefined),
      ]),
    ])
    const record = await runToEnd('a.b')
    const state = Object.fromEntries(record.steps.map(({ id, state: value }) => [id, value]))
    expect(record.status).toBe('failed')
    expect(state).toMatchObject({ 'all/bad': 'failed', 'all/after': 'blocked', 'all/free': 'done' })
  })

  it('complete with a warning when only an optional child fails', async () => {
    define('a.b', [
      group([
        child('extra', () => Promise.reject(new WildError('TOOL_FAILED', 'no')), { optional: true }),
        child('core', async () => undefined),
      ]),
    ])
    const record = await runToEnd('a.b')
    expect(record.status).toBe('completed')
    expect(record.warnings).toEqual(['extra did not succeed: no'])
  })
})

describe('waiting', () => {
  it('gives up after its attempts with the last reason, nudging on the way', async () => {
    engine.close()
    const clock = instantClock()
    engine = anEngine({ clock })
    const nudged: number[] = []
    define('a.b', [
      step('api', {
        timeoutMs: 60_000,
        run: async (ctx) =>
          void (await ctx.waitFor({
            what: 'the API server',
            look: () => Promise.reject(new NotYet('connection refused')),
            attempts: 60,
            intervalMs: 10_000,
            nudgeAt: [15, 30, 45],
            nudge: async (n) => void nudged.push(n),
            nudgePauseMs: 30_000,
          })),
      }),
    ])
    const record = await runToEnd('a.b')
    expect(record.error).toMatchObject({
      code: 'TIMEOUT',
      message: 'Gave up waiting for the API server: connection refused.',
    })
    expect(nudged).toEqual([15, 30, 45])
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBe(59 * 10_000 + 3 * 30_000)
  })

  it('tries again only after transient network failures', async () => {
    engine.close()
    engine = anEngine({ clock: instantClock() })
    let tries = 0
    define('a.b', [
      step('flaky', {
        tries: 5,
        run: async () => {
          if (++tries < 3) throw new WildError('TOOL_FAILED', 'dial tcp: connection refused')
        },
      }),
    ])
    define('c.d', [
      step('refused', {
        tries: 5,
        run: async () => {
          tries++
          throw new WildError('TOOL_FAILED', 'not authorized')
        },
      }),
    ])
    expect((await runToEnd('a.b')).steps[0]).toMatchObject({ state: 'done', attempt: 3 })
    tries = 0
    expect((await runToEnd('c.d')).status).toBe('failed')
    expect(tries).toBe(1)
  })
})

describe('following', () => {
  it('gives every line once and in order to a reader that leaves and comes back', async () => {
    define('a.b', [
      step('talk', {
        run: async (ctx) => {
          for (let i = 1; i <= 2_000; i++) ctx.say(`line ${i}`)
        },
      }),
    ])
    const { id } = await engine.operations.start('a.b', { instance: 'home' }, 'web')
    const seen: number[] = []
    for (;;) {
      let count = 0
      let ended = true
      for await (const { seq } of engine.operations.journal.follow(id, seen.at(-1) ?? 0)) {
        seen.push(seq)
        if (++count === 97) {
          ended = false
          break
        }
      }
      if (ended) break
    }
    expect(seen).toEqual(seen.map((_seq, index) => index + 1))
    expect(seen.length).toBeGreaterThan(2_000)
    expect(engine.operations.journal.news.listeners()).toBe(0)
  })
})
