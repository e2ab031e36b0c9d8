import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { testCli } from '../testing/test-cli.ts'
import { answer, data } from '../testing/test-daemon.ts'

const env = { WILD_INSTANCE: 'home' }
const route = '/instances/home/secrets'
const { daemon, cli } = await testCli()

beforeEach(() => {
  daemon.on(`PUT ${route}`, answer({ success: true, message: 'Secret updated' }))
})

describe('secret set', () => {
  it.each([
    ['as an argument', ['hunter2']],
    ['after an option', ['--value', 'hunter2']],
    ['joined to an option', ['--value=hunter2']],
    ['joined to an unknown option', ['--password=hunter2']],
  ])('refuses a value %s without repeating it', async (_where, args) => {
    const { code, stdout, stderr } = await cli.run(['secret', 'set', 'a.b', ...args], { env })
    expect(code).toBe(2)
    expect(stdout + stderr).not.toContain('hunter2')
    expect(daemon.calls).toEqual([])
  })

  it('reads stdin and drops the newline at its end', async () => {
    const { code, stdout, stderr } = await cli.run(['secret', 'set', 'a.b', '-'], { env, stdin: 'hun\nter2\n' })
    expect(code).toBe(0)
    expect(daemon.calls.at(-1)!.body).toEqual({ path: 'a.b', value: 'hun\nter2' })
    expect(stdout + stderr).toBe('SUCCESS: Set secret a.b\n')
  })

  it('reads a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wild-secret-'))
    writeFileSync(join(folder, 'token'), 'from-a-file\n', { mode: 0o600 })
    const { code } = await cli.run(['secret', 'set', 'a.b', '--from-file', join(folder, 'token')], { env })
    rmSync(folder, { recursive: true })
    expect(code).toBe(0)
    expect(daemon.calls.at(-1)!.body).toEqual({ path: 'a.b', value: 'from-a-file' })
  })

  it('says how to give the value where nobody can be asked', async () => {
    const { code, stderr } = await cli.run(['secret', 'set', 'a.b'], { env })
    expect(code).toBe(2)
    expect(stderr).toContain('--from-file')
  })

  it('refuses an empty value', async () => {
    const { code } = await cli.run(['secret', 'set', 'a.b', '-'], { env, stdin: '\n' })
    expect(code).toBe(2)
    expect(daemon.calls).toEqual([])
  })
})

describe('secret generate and get', () => {
  it('generate prints the value alone on stdout', async () => {
    daemon.on(`POST ${route}/generate`, data({ path: 'a.b', value: 'generated-value' }, 201))
    const { stdout } = await cli.run(['secret', 'generate', 'a.b', '--length', '40'], { env })
    expect(stdout).toBe('generated-value\n')
    expect(daemon.calls.at(-1)!.body).toEqual({ path: 'a.b', length: 40 })
  })

  it('get shows what the daemon masks', async () => {
    daemon.on(`GET ${route}`, data({ apps: { ghost: { dbPassword: '***' } } }))
    expect((await cli.run(['secret', 'get'], { env })).stdout).toContain('dbPassword: "***"')
    daemon.on(`GET ${route}`, data('***'))
    expect((await cli.run(['secret', 'get', 'apps.ghost.dbPassword'], { env })).stdout).toBe('***\n')
  })
})
