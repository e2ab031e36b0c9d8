import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { WildError } from '../platform/errors.ts'
import { anEngine } from '../testing/engine.ts'
import type { Step, StepItem } from './define.ts'

let engine: ReturnType<typeof anEngine>
beforeEach(() => {
  engine = anEngine()
})
afterEach(() => engine.close())

const step = (name: string, rest: Partial<Step> = {}): Step => ({
  name,
  title: `Doing ${name}`,
  run: async () => undefined,
  ...rest,
})

const waitForAbort = (signal: AbortSignal) =>
  new Promise<void>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

async function start(steps: StepItem[]): Promise<string> {
  engine.operations.define({
    type: 'a.b',
    title: () => 'Try it',
    input: z.strictObject({}),
    instance: () => 'home',
    locks: () => ['instances/home/cluster'],
    steps: () => steps,
  })
  return (await engine.operations.start('a.b', {}, 'api')).id
}

async function accountOf(steps: StepItem[]) {
  const record = await engine.operations.ended(await start(steps))
  return { id: record.id, ...engine.operations.account(record) }
}

const fails = (command: string) =>
  step('two', { run: async ({ run }) => void (await run({ tool: 'sh', args: ['-c', command] })) })

describe('the account of an operation', () => {
  it('names the failed step, its command, the end of its output, and how to run it again', async () => {
    const account = await accountOf([
      step('zero', { done: () => true }),
      step('one'),
      fails('echo not; echo today >&2; exit 3'),
      step('three'),
    ])
    expect(account.happened).toBe('It failed at "Doing two".')
    expect(account.step?.id).toBe('two')
    expect(account.command).toContain('sh -c')
    expect(account.output.at(-1)).toBe('today')
    expect(account.state).toEqual([
      'Of 4 steps: 1 done, 1 done before, 1 failed, 1 not started.',
      'What was done stays done.',
      'It holds nothing any more: other work can start.',
    ])
    expect(account.next.at(-1)).toContain(`wild-cli operation retry ${account.id}`)
    expect(account.retry).toBe(`wild-cli operation retry ${account.id}`)
  })

  it('keeps the last lines of the output only', async () => {
    const { output } = await accountOf([fails('seq 1 100; exit 1')])
    expect(output).toHaveLength(20)
    expect(output.at(-1)).toBe('100')
  })

  it('shows no lines of an earlier command as if they were those of the last one, and names the group', async () => {
    const run: Step['run'] = async ({ run }) => {
      await run({ tool: 'echo', args: ['early'] })
      await run({ tool: 'true', args: [] })
      throw new WildError('CONFLICT', 'Not so.')
    }
    const account = await accountOf([{ name: 'all', title: 'All of it', steps: [step('one', { run })] }])
    expect(account).toMatchObject({
      command: 'true',
      output: [],
      happened: 'It failed at "Doing one", part of "All of it".',
    })
  })

  it('takes the command from the log when the failure does not name it', async () => {
    const run: Step['run'] = async ({ run }) => {
      await run({ tool: 'echo', args: ['hello'] })
      throw new WildError('CONFLICT', 'Not so.', { hint: 'Look at the cable.' })
    }
    const account = await accountOf([step('one', { run })])
    expect(account).toMatchObject({ command: 'echo hello', output: ['hello'] })
    expect(account.next[0]).toBe('Look at the cable.')
  })

  it('says what was taken back, and what could not be', async () => {
    const broken = (undo: Step['undo']) =>
      step('two', { run: () => Promise.reject(new WildError('CONFLICT', 'No.')), undo })
    const taken = await accountOf([broken(async () => undefined)])
    expect(taken.state).toContain('What "Doing two" had half done was taken back.')
    const left = await accountOf([broken(() => Promise.reject(new Error('stuck')))])
    expect(left.state[1]).toContain('could not be taken back entirely')
  })

  it('tells of an operation that runs, and after that it was stopped', async () => {
    const id = await start([step('one', { run: ({ signal }) => waitForAbort(signal) }), step('two')])
    for await (const { steps } of engine.operations.journal.watch(id)) if (steps[0]?.state === 'running') break
    const now = engine.operations.account(engine.operations.get(id))
    expect(now).toMatchObject({ happened: 'It is at "Doing one".', retry: undefined })
    expect(now.next[0]).toContain(`wild-cli operation cancel ${id}`)
    engine.operations.cancel(id)
    const then = engine.operations.account(await engine.operations.ended(id))
    expect(then.happened).toBe('It was stopped at "Doing one".')
    expect(then.state[0]).toBe('Of 2 steps: 1 stopped half-way, 1 not started.')
  })

  it('says that a completed one changed nothing when all was done', async () => {
    expect(await accountOf([step('one', { done: () => true })])).toMatchObject({
      happened: 'Everything was done already: nothing was changed.',
      next: [],
      output: [],
    })
  })
})

describe('a refusal because of another operation', () => {
  it('names that one in words and changes nothing; lock paths stay inside', async () => {
    const id = await start([step('one', { run: ({ signal }) => waitForAbort(signal) })])
    const refused = await engine.operations.start('a.b', {}, 'web').catch((error: WildError) => error)
    expect(refused).toMatchObject({
      code: 'OPERATION_IN_PROGRESS',
      message: expect.stringContaining(`"Try it" is still running (${id}, since 20`),
      details: { operation_id: id, title: 'Try it', hint: `wild-cli operation logs ${id}` },
    })
    expect(JSON.stringify(refused)).not.toContain('instances/home')
    expect(engine.operations.journal.list({})).toHaveLength(1)
    engine.operations.cancel(id)
    await engine.operations.ended(id)
  })
})
