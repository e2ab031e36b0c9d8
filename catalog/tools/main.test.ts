import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')
const tsx = join(root, 'node_modules', '.bin', 'tsx')

/** Runs the command as `pnpm catalog` does. */
const catalog = (...args: string[]) =>
  promisify(execFile)(tsx, [join(import.meta.dirname, 'main.ts'), ...args]).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  )

describe('pnpm catalog', () => {
  it('lint says that the bundled catalog keeps the rules', async () => {
    expect(await catalog('lint')).toMatchObject({ code: 0, stdout: expect.stringMatching(/keeps all \d+ rules/) })
  })

  it('rules lists what is checked', async () => {
    expect((await catalog('rules')).stdout).toMatch(/^images-pinned +Images carry the tag of one release/m)
  })

  it('explains itself to who asks for something else', async () => {
    expect(await catalog('check')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^Usage: pnpm catalog lint/),
    })
  })
})
