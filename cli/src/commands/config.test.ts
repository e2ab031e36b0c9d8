import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildTestCli, type TestCli } from '../testing/run-cli.ts'
import { answer, data, fail, startTestDaemon, type TestDaemon } from '../testing/test-daemon.ts'
import { splitCommand } from './config-edit.ts'

const env = { WILD_INSTANCE: 'home' }
const route = '/instances/home/config'
const done = answer({ success: true, message: 'Configuration updated' })
const keys = [
  { path: 'operator.email', kind: 'e-mail', help: 'Contact.', required: true, is_set: false },
  { path: 'cloud.domain', kind: 'domain', help: 'Domain.', required: true, is_set: false, suggestion: 'cloud.a.org' },
  { path: 'cloud.smtp.port', kind: 'port', help: 'Port.', required: false, is_set: false, suggestion: 465 },
]
let daemon: TestDaemon
let cli: TestCli

beforeAll(async () => {
  daemon = await startTestDaemon()
  cli = await buildTestCli(() => daemon.url)
})
afterAll(async () => {
  cli.remove()
  await daemon.stop()
})
beforeEach(() => {
  daemon.reset()
  daemon.on(`GET ${route}/keys`, data({ keys }))
  daemon.on(`POST ${route}/change`, done)
})

describe('config set-many', () => {
  it('sends all in one request, text where the schema says text', async () => {
    const { code } = await cli.run(['config', 'set-many', 'cloud.smtp.port=25', 'cloud.domain=1.30', 'a."b=c".d=[x]'], {
      env,
    })
    expect(code).toBe(0)
    expect(daemon.calls.at(-1)!.body).toEqual({
      changes: [
        { path: 'cloud.smtp.port', value: 25 },
        { path: 'cloud.domain', value: '1.30' },
        { path: 'a."b=c".d', value: ['x'] },
      ],
    })
  })
})

describe('config prompt', () => {
  it('lists what is missing where nobody can be asked', async () => {
    const { code, stderr } = await cli.run(['config', 'prompt'], { env })
    expect([code, stderr]).toEqual([2, expect.stringContaining('Not set yet: operator.email, cloud.domain.')])
  })

  it('takes the defaults with --yes, all or none', async () => {
    expect((await cli.run(['config', 'prompt', '--yes'], { env })).code).toBe(2)
    expect((await cli.run(['config', 'prompt', 'cloud.domain', 'cloud.smtp.port', '--yes'], { env })).code).toBe(0)
    const posts = daemon.calls.filter(({ method }) => method === 'POST')
    expect(posts.map(({ body }) => body)).toEqual([
      {
        changes: [
          { path: 'cloud.domain', value: 'cloud.a.org' },
          { path: 'cloud.smtp.port', value: 465 },
        ],
      },
    ])
  })
})

describe('config validate', () => {
  it('exits 2 when there is an error', async () => {
    daemon.on(
      `GET ${route}/validate`,
      data({ problems: [{ severity: 'error', message: 'No.', path: 'a.b', line: 3 }] }),
    )
    const { code, stdout } = await cli.run(['config', 'validate'], { env })
    expect([code, stdout]).toEqual([2, expect.stringContaining('a.b')])
  })
})

describe('config edit', () => {
  it('keeps what was typed when somebody else changed the config meanwhile', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wild-editor-'))
    const editor = join(folder, 'my editor')
    writeFileSync(editor, '#!/bin/sh\necho "b: 2" >> "$1"\n')
    chmodSync(editor, 0o700)
    const route2 = `GET ${route}/yaml`
    daemon.on(route2, (_call, response) => response.end('a: 1\n'))
    daemon.on(`POST ${route}/validate`, fail(409, 'CONFLICT', 'It was changed meanwhile.'))
    const { code, stderr } = await cli.run(['config', 'edit'], { env: { ...env, EDITOR: `"${editor}"` } })
    expect(code).toBe(4)
    const kept = /What you wrote is in (.*)/.exec(stderr)![1]!
    expect(readFileSync(kept, 'utf8')).toBe('a: 1\nb: 2\n')
    rmSync(join(kept, '..'), { recursive: true })
    rmSync(folder, { recursive: true })
  })

  it.each([
    ['nano', ['nano']],
    ['code --wait', ['code', '--wait']],
    ['"/opt/my editor" -w', ['/opt/my editor', '-w']],
    ['vi; rm -rf x', ['vi;', 'rm', '-rf', 'x']],
  ])('reads %s as program and arguments', (text, words) => expect(splitCommand(text)).toEqual(words))
})
