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
    expect(await catalog('lint')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(
        /^The catalog keeps all \d+ rules: \d+ services, \d+ apps, \d+ objects in \d instances\.\n$/,
      ),
    })
  })

  it('lint looks at one entry, and says so', async () => {
    expect((await catalog('lint', 'ghost')).stdout).toMatch(/: 0 services, 1 app, \d+ objects in/)
  })

  it('lint refuses an entry that is not there', async () => {
    expect(await catalog('lint', 'gost')).toMatchObject({ code: 2, stderr: 'The catalog has no entry gost.\n' })
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
