import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { anEngine } from '../testing/engine.ts'
import type { Step } from './define.ts'

let engine: ReturnType<typeof anEngine>
beforeEach(() => {
  engine = anEngine()
})
afterEach(() => engine.close())

async function scriptOf(run: Step['run']): Promise<string> {
  engine.operations.define({
    type: 'a.b',
    title: () => 'Try it',
    input: z.strictObject({}),
    instance: () => undefined,
    locks: () => ['a'],
    steps: () => [{ name: 'one', title: 'First things', run }],
  })
  const { id } = await engine.operations.start('a.b', {}, 'api')
  await engine.operations.ended(id)
  return engine.operations.script(id)
}

function bash(script: string, env: Record<string, string> = {}) {
  return spawnSync('bash', ['-c', script], { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } })
}

describe('the script of an operation', () => {
  it('runs what the operation ran, with steps as comments', async () => {
    const script = await scriptOf(async ({ run }) => {
      await run({ tool: 'echo', args: ["it's", 'two words', '$HOME', '`x`'] })
    })
    expect(script).toContain('# First things')
    expect(bash(script)).toMatchObject({ status: 0, stdout: "it's two words $HOME `x`\n" })
  })

  it('gives a command its input again, letter by letter', async () => {
    const input = 'a $b `c` \\d "e" \'f\'\n${g}\n'
    const script = await scriptOf(async ({ run }) => void (await run({ tool: 'cat', args: [], input })))
    expect(bash(script).stdout.trimEnd()).toBe(input.trimEnd())
  })

  it('has secrets as variables named after their keys, and says which are missing', async () => {
    engine.masker.add(['hunter2-hunter2'])
    const input = JSON.stringify({ stringData: { 'apps.ghost.dbPassword': 'hunter2-hunter2' } })
    const script = await scriptOf(async ({ run }) => void (await run({ tool: 'cat', args: [], input })))
    expect(script).not.toContain('hunter2')
    expect(bash(script).stderr).toContain('apps.ghost.dbPassword')
    const { stdout } = bash(script, { SECRET_APPS_GHOST_DBPASSWORD: 'mine' })
    expect(JSON.parse(stdout)).toEqual({ stringData: { 'apps.ghost.dbPassword': 'mine' } })
  })

  it('shows a read that was repeated once', async () => {
    const script = await scriptOf(async ({ run }) => {
      for (let i = 0; i < 3; i++) await run({ tool: 'echo', args: ['look'], repeated: true })
    })
    expect(script.match(/echo look/g)).toHaveLength(1)
  })
})
