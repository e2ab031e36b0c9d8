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
  title: name,
  run: async () => {
    throw new Error('a plan runs nothing')
  },
  ...rest,
})

async function planOf(steps: StepItem[]) {
  engine.operations.define({
    type: 'a.b',
    title: () => 'Try it',
    input: z.strictObject({}),
    instance: () => undefined,
    locks: () => ['a'],
    steps: () => steps,
  })
  return engine.operations.plan('a.b', {})
}

describe('a plan', () => {
  it('says what is done and what would run, with the changes, and runs nothing', async () => {
    const plan = await planOf([
      step('one', { done: () => 'it is there' }),
      step('two', { done: () => false, plan: async () => [{ kind: 'command', text: 'talosctl bootstrap' }] }),
    ])
    expect(plan.steps).toEqual([
      { id: 'one', title: 'one', state: 'done', reason: 'it is there', changes: [] },
      { id: 'two', title: 'two', state: 'would_run', changes: [{ kind: 'command', text: 'talosctl bootstrap' }] },
    ])
    expect(plan.nothingToDo).toBe(false)
    expect(engine.operations.journal.list({})).toEqual([])
    expect(engine.operations.holders('a')).toEqual([])
  })

  it('says what is missing, unless an earlier step would bring it', async () => {
    const needs = () => {
      throw new WildError('CONFLICT', 'There is no cluster.')
    }
    expect((await planOf([step('one', { needs })])).steps[0]).toMatchObject({
      state: 'would_fail',
      reason: 'There is no cluster.',
    })
    const after = await planOf([step('make it', { done: () => false }), step('use it', { needs })])
    expect(after.steps[1]).toMatchObject({ state: 'would_run', reason: 'depends on the steps before it' })
  })

  it('never lets a step run a command that changes something', async () => {
    const calls = [
      ['kubectl', 'apply', '-f', '-'],
      ['talosctl', 'bootstrap', '--nodes', '10.0.0.1'],
      ['kubectl', '--kubeconfig', 'x', 'delete', 'job', 'y'],
    ]
    for (const [tool, ...args] of calls) {
      const plan = await planOf([step('bad', { done: async ({ run }) => Boolean(await run({ tool: tool!, args })) })])
      expect(plan.steps[0]).toMatchObject({
        state: 'would_fail',
        reason: expect.stringContaining('A plan must not run'),
      })
    }
  })

  it('says that there is nothing to do when every step is done', async () => {
    expect((await planOf([step('one', { done: () => true })])).nothingToDo).toBe(true)
  })
})
