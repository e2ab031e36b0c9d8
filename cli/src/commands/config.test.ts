import { createHash } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noTerminal, onTerminal } from '../testing/on-terminal.ts'
import { testCli } from '../testing/test-cli.ts'
import { answer, data, fail } from '../testing/test-daemon.ts'
import { splitCommand } from './config-edit.ts'

const env = { WILD_INSTANCE: 'home' }
const route = '/instances/home/config'
const done = answer({ success: true, message: 'Configuration updated' })
const keys = [
  { path: 'operator.email', kind: 'e-mail', help: 'Contact.', required: true, is_set: false },
  { path: 'cloud.domain', kind: 'domain', help: 'Domain.', required: true, is_set: false, suggestion: 'cloud.a.org' },
  { path: 'cloud.smtp.port', kind: 'port', help: 'Port.', required: false, is_set: false, suggestion: 465 },
]
const { daemon, cli } = await testCli()

beforeEach(() => {
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

describe('config set', () => {
  it('sets a key that nothing reads, and says so', async () => {
    daemon.on(`PUT ${route}`, done)
    const message = 'This key is not known; nothing of Wild Central reads it.'
    daemon.on(
      `GET ${route}/validate`,
      data({ problems: [{ severity: 'warning', message, path: 'cloud.domian', line: 3 }] }),
    )
    const set = (key: string) => cli.run(['config', 'set', key, 'a.org'], { env })
    expect(await set('cloud.domian')).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('cloud.domian: This key'),
    })
    expect(await set('cloud.domain')).toMatchObject({ code: 0, stderr: '' })
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
  const start = 'a: 1\n'
  let folder: string
  let saved: { text: unknown; base: string | null }[]

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wild-editor-'))
    saved = []
    daemon.on(`GET ${route}/yaml`, (_call, response) => void response.end(start))
    daemon.on(`PUT ${route}/yaml`, (call, response) => {
      saved.push({ text: call.body, base: new URL(call.path, daemon.url).searchParams.get('base') })
      done(call, response)
    })
    daemon.on(`POST ${route}/validate`, (call, response) => {
      const problems = `${call.body}`.includes('bad')
        ? [{ severity: 'error', message: 'This is no value.', path: 'b', line: 2 }]
        : [{ severity: 'warning', message: 'Nobody knows this key.', path: 'b', line: 2 }]
      data({ problems })(call, response)
    })
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  /** An editor with a space in its path. Each time it notes that it was opened. */
  function editor(script: string): string {
    const file = join(folder, 'my editor')
    writeFileSync(file, `#!/bin/sh\necho opened >> '${folder}/opened'\n${script}\n`)
    chmodSync(file, 0o700)
    return `"${file}"`
  }
  const opened = () => readFileSync(join(folder, 'opened'), 'utf8').trim().split('\n').length
  /** Drafts of the config that were left behind. */
  const drafts = () => readdirSync(folder).filter((name) => name.startsWith('wild-config-'))
  const edit = (EDITOR: string) => cli.run(['config', 'edit'], { env: { ...env, TMPDIR: folder, EDITOR } })

  it('saves what was written, from the text it began with, and leaves no draft behind', async () => {
    const { code, stdout } = await edit(editor(`echo 'b: 2' >> "$1"; stat -c %a "$1" > '${folder}/mode'`))
    expect([code, stdout]).toEqual([0, 'SUCCESS: Config saved.\n'])
    expect(saved).toEqual([{ text: 'a: 1\nb: 2\n', base: createHash('sha256').update(start).digest('hex') }])
    expect(readFileSync(join(folder, 'mode'), 'utf8')).toBe('600\n')
    expect(drafts()).toEqual([])
  })

  it('sends nothing when nothing was changed', async () => {
    const { code, stdout } = await edit(editor(':'))
    expect([code, stdout, saved, drafts()]).toEqual([0, 'INFO: Nothing was changed.\n', [], []])
  })

  it.skipIf(noTerminal)(
    'says what is wrong, opens it again with what was written, and saves it once it is right',
    async () => {
      const script = `grep -q bad "$1" && echo 'a: 3' > "$1" || echo 'b: bad' >> "$1"`
      const command = [process.execPath, cli.file, 'config', 'edit']
      const { code, text } = await onTerminal(
        command,
        { ...env, WILD_DAEMON_URL: daemon.url, TMPDIR: folder, EDITOR: editor(script) },
        [['Open it again?', '\r']],
      )
      expect(text).toContain('line 2, b: This is no value.')
      expect([code, saved.map((each) => each.text), opened(), drafts()]).toEqual([0, ['a: 3\n'], 2, []])
    },
  )

  it.skipIf(noTerminal)('saves nothing when the person does not open it again; what was written is kept', async () => {
    const command = [process.execPath, cli.file, 'config', 'edit']
    const { code, text } = await onTerminal(
      command,
      { ...env, WILD_DAEMON_URL: daemon.url, TMPDIR: folder, EDITOR: editor(`echo 'b: bad' >> "$1"`) },
      [['Open it again?', 'n']],
    )
    expect([code, saved, opened()]).toEqual([130, [], 1])
    expect(readFileSync(/What you wrote is in (\S+)/.exec(text)![1]!, 'utf8')).toBe('a: 1\nb: bad\n')
  })

  it('refuses what is wrong where nobody can be asked', async () => {
    const { code, stderr } = await edit(editor(`echo 'b: bad' >> "$1"`))
    expect([code, saved, opened()]).toEqual([2, [], 1])
    expect(stderr).toContain('line 2, b: This is no value.')
    expect(stderr).toContain('What you wrote is in ')
  })

  it.each([
    ['is not there', () => '/nowhere/editor', 2, 'could not be started'],
    ['is no program', () => folder, 2, 'could not be started'],
    ['fails', () => editor('exit 3'), 5, 'ended with 3'],
    ['is killed', () => editor('kill -9 $$'), 5, 'ended with SIGKILL'],
  ])('changes nothing when the editor %s', async (_how, program, exit, message) => {
    const { code, stderr } = await edit(program())
    expect([code, stderr]).toEqual([exit, expect.stringContaining(message)])
    expect(stderr).not.toContain('What you wrote')
    expect([saved, drafts()]).toEqual([[], []])
  })

  it('keeps what was typed before the editor failed', async () => {
    const { code, stderr } = await edit(editor(`echo 'b: 2' >> "$1"; exit 1`))
    expect([code, saved]).toEqual([5, []])
    expect(readFileSync(/What you wrote is in (.*)/.exec(stderr)![1]!, 'utf8')).toBe('a: 1\nb: 2\n')
  })

  it('keeps what was typed when somebody else changed the config meanwhile', async () => {
    daemon.on(`PUT ${route}/yaml`, fail(409, 'CONFLICT', 'It was changed meanwhile.'))
    const { code, stderr } = await edit(editor(`echo 'b: 2' >> "$1"`))
    expect(code).toBe(4)
    expect(readFileSync(/What you wrote is in (.*)/.exec(stderr)![1]!, 'utf8')).toBe('a: 1\nb: 2\n')
  })

  it.each([
    ['nano', ['nano']],
    ['code --wait', ['code', '--wait']],
    ['"/opt/my editor" -w', ['/opt/my editor', '-w']],
    ['vi; rm -rf x', ['vi;', 'rm', '-rf', 'x']],
  ])('reads %s as program and arguments', (text, words) => expect(splitCommand(text)).toEqual(words))
})
