import { spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root, startDaemon, temporaryFolder } from '../world.ts'

let daemon: Awaited<ReturnType<typeof startDaemon>>
const folder = temporaryFolder('templates')
const bin = join(folder.path, 'bin')
const secret = 'horse-battery-staple'
beforeAll(async () => {
  mkdirSync(bin)
  daemon = await startDaemon({ bin })
  await daemon.rest('POST', '/instances', { name: 'home', config: { cloud: { domain: 'cloud.example.com' } } })
  await daemon.rest('PUT', '/instances/home/secrets', { path: 'apps.ghost.dbPassword', value: secret })
})
afterAll(async () => {
  await daemon.stop()
  folder.remove()
})

const render = (body: object) => daemon.rest('POST', '/instances/home/templates/render', body)
const renderFiles = (body: object) => daemon.rest('POST', '/instances/home/templates/render-dir', body)
const audit = () => readFileSync(join(daemon.data, 'logs/audit.log'), 'utf8')
const mode = (path: string) => statSync(path).mode & 0o777

/** The CLI as it is shipped. */
function cli(args: string[], stdin = ''): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const env = { PATH: process.env.PATH, HOME: folder.path, WILD_DAEMON_URL: daemon.url, WILD_INSTANCE: 'home' }
  const child = spawn(process.execPath, [join(root, 'cli/dist/wild-cli.js'), ...args], { env, cwd: folder.path })
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text
    })
  child.stdin.end(stdin)
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said })))
}

/** A folder of files below the test's own. */
function files(name: string, content: Record<string, string | Buffer>): string {
  const place = join(folder.path, name)
  for (const [path, text] of Object.entries(content)) {
    mkdirSync(join(place, path, '..'), { recursive: true })
    writeFileSync(join(place, path), text)
  }
  return place
}

describe('one template', () => {
  it('is filled in from config.yaml, through REST and GraphQL alike', async () => {
    const { status, body, headers } = await render({ template: 'host: {{ .cloud.domain }}\n', name: 'a.yaml' })
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    const data = { path: 'a.yaml', text: 'host: cloud.example.com\n', secret: false, renderer: 'built-in' }
    expect(body.data).toEqual({ ...data, state: 'unknown' })
    const other = await daemon.graphql(
      'mutation ($t: String!) { renderTemplate(instance: "home", template: $t) { text path } }',
      { t: '{{ .cluster.name }}' },
    )
    expect(other.body.data.renderTemplate).toEqual({ text: 'home', path: 'template' })
  })

  it('tells the difference from what is there when asked', async () => {
    const made = await render({ template: 'a\n', compare: true })
    expect([made.body.data.state, made.body.data.diff]).toEqual(['created', expect.stringContaining('+a')])
    const changed = await render({ template: 'a\nb\n', compare: true, current: 'a\nc\n' })
    expect([changed.body.data.state, changed.body.data.diff]).toEqual(['changed', expect.stringMatching(/-c\n\+b/)])
    expect((await render({ template: 'a', compare: true, current: 'a' })).body.data.state).toBe('unchanged')
  })

  it.each([
    ['a missing key', 'x\n  é{{ .cloud.nope }}\n', 'a.yaml:2:', 'map has no entry for key "nope"', '.cloud.nope'],
    ['an action left open', 'x\n{{ .cloud.domain\n', 'a.yaml:3:', 'unclosed action', ''],
    ['an unknown word', 'x: {{ nofunc }}', 'a.yaml:1:', 'not built in', '{{ nofunc }}'],
    ['a wrong argument', '{{ index .cloud 1 2 }}', 'a.yaml:1:4', 'index', 'index .cloud 1 2'],
  ])('with %s is refused with file:line:col and the text', async (_what, template, place, reason, near) => {
    const { status, body } = await render({ template, name: 'a.yaml' })
    expect([status, body.error.code]).toEqual([400, 'INVALID_INPUT'])
    expect(body.error.message).toMatch(/^a\.yaml:\d+:\d+: /)
    expect(body.error.message).toContain(place)
    expect(body.error.message).toContain(reason)
    expect(body.error.message).toContain(near)
    expect(body.error.details).toMatchObject({ field: 'template', file: 'a.yaml', line: expect.any(Number) })
  })

  it.each([
    ['makes too much text', '{{ range 2000 }}{{ strings.Repeat 3000 "x" }}{{ end }}'],
    ['never ends', '{{ range 1000000000 }}{{ end }}'],
    ['calls itself', '{{ define "a" }}{{ template "a" }}{{ end }}{{ template "a" }}'],
    ['nests too deeply', `{{ ${'('.repeat(500)}1${')'.repeat(500)} }}`],
    ['reads a file', '{{ file.Read "/etc/passwd" }}'],
    ['reads a data source', '{{ ds "file:///etc/passwd" }}'],
  ])('that %s is refused, and the daemon goes on', async (_what, template) => {
    const { status, body } = await render({ template })
    expect([status, body.error.code]).toEqual([400, 'INVALID_INPUT'])
    expect((await daemon.rest('GET', '/health')).status).toBe(200)
  })

  it('sees no environment', async () => {
    expect((await render({ template: '[{{ getenv "HOME" }}{{ getenv "PATH" }}]' })).body.data.text).toBe('[]')
  })

  it('of an instance whose config is broken gives a problem of that instance alone', async () => {
    await daemon.rest('POST', '/instances', { name: 'broken' })
    writeFileSync(join(daemon.data, 'instances/broken/config.yaml'), 'a: "b\n')
    const { status, body } = await daemon.rest('POST', '/instances/broken/templates/render', { template: 'x' })
    expect([status, body.error.code]).toEqual([422, 'CONFIG_INVALID'])
    expect((await render({ template: 'x' })).status).toBe(200)
  })
})

describe('secrets in templates', () => {
  const template = 'password: {{ .secrets.apps.ghost.dbPassword }}'

  it('are out of reach unless asked for', async () => {
    const { status, body } = await render({ template, name: 'db.yaml' })
    expect(status).toBe(400)
    expect(body.error.details.hint).toContain('--secrets')
    expect((await render({ template: '{{ (ds "secrets").apps.ghost.dbPassword }}' })).status).toBe(400)
  })

  it('are there when asked for, noted with door and key, and never in the difference', async () => {
    const { body } = await render({ template, name: 'db.yaml', secrets: true, compare: true })
    expect(body.data).toMatchObject({ text: `password: ${secret}`, secret: true, state: 'created' })
    expect(body.data.diff).toContain('+password: ***')
    const source = await render({ template: '{{ (ds "secrets").apps.ghost.dbPassword }}', secrets: true })
    expect(source.body.data).toMatchObject({ text: secret, secret: true })
    expect(audit()).toContain('"action":"template.render","door":"api","instance":"home","key":"all, for db.yaml"')
    expect(audit()).not.toContain(secret)
  })

  it('are not said to be in a text that holds none', async () => {
    expect((await render({ template: '{{ .cloud.domain }}', secrets: true })).body.data.secret).toBe(false)
  })

  it('are masked in errors', async () => {
    const { text, status } = await render({ template: '{{ fail .secrets.apps.ghost.dbPassword }}', secrets: true })
    expect(status).toBe(400)
    expect(text).not.toContain(secret)
  })
})

describe('a folder of templates', () => {
  it('is rendered all or none, with the problems of every file', async () => {
    const good = { path: 'a/b.yaml', text: '{{ .cluster.name }}' }
    const { body } = await renderFiles({ files: [good, { path: 'c', text: 'x', current: 'x' }], compare: true })
    expect(
      body.data.files.map((file: { path: string; text: string; state: string }) => [file.path, file.text, file.state]),
    ).toEqual([
      ['a/b.yaml', 'home', 'created'],
      ['c', 'x', 'unchanged'],
    ])
    const bad = await renderFiles({ files: [{ path: 'x', text: '{{ .nope }}' }, good, { path: 'y', text: '{{' }] })
    expect(bad.status).toBe(400)
    expect(bad.body.error.message).toMatch(/^x:1:4: .*and 1 more file/)
    expect(bad.body.error.details.problems.map(({ field }: { field: string }) => field)).toEqual(['x', 'y'])
  })

  it.each([
    ['a path that leads out', [{ path: '../x', text: '' }]],
    ['an absolute path', [{ path: '/etc/x', text: '' }]],
    ['a NUL', [{ path: 'a\0b', text: '' }]],
    [
      'the same path twice',
      [
        { path: 'a', text: '' },
        { path: 'a', text: '' },
      ],
    ],
    ['no file', []],
    ['too many files', Array.from({ length: 501 }, (_unused, index) => ({ path: `f${index}`, text: '' }))],
    ['a field nobody knows', [{ path: 'a', text: '', mode: 7 }]],
  ])('with %s is refused', async (_what, list) => {
    const { status, body } = await renderFiles({ files: list })
    expect([status, body.error.code, body.error.details.field]).toEqual([
      400,
      'INVALID_INPUT',
      expect.stringMatching(/^files/),
    ])
  })
})

describe('gomplate', () => {
  const template = '{{ crypto.RSAGenerateKey }} of {{ .cluster.name }}'

  it('is named with the function when it is needed and not there', async () => {
    const { status, body } = await render({ template, name: 'key.pem' })
    expect(status).toBe(400)
    expect(body.error.message).toContain('crypto.RSAGenerateKey')
    expect(body.error.details).toMatchObject({
      functions: ['crypto.RSAGenerateKey'],
      hint: expect.stringContaining('Install gomplate'),
    })
  })

  it('renders what needs it, when it is there, with the config as context, and leaves nothing behind', async () => {
    const seen = join(folder.path, 'gomplate-seen.json')
    const script = `#!${process.execPath}
const fs = require('fs'), args = process.argv.slice(2), input = fs.readFileSync(0, 'utf8')
const config = args[args.indexOf('--context') + 1].slice(2)
fs.writeFileSync(${JSON.stringify(seen)}, JSON.stringify({ args, input, config: fs.readFileSync(config, 'utf8'), mode: fs.statSync(config).mode & 0o777, env: Object.keys(process.env) }))
if (input.includes('explode')) { console.error(JSON.stringify({ level: 'ERROR', err: 'renderTemplate: failed to render template -: template: -:2:5: executing "-" at <.x>: no luck' })); process.exit(1) }
process.stdout.write('from gomplate')`
    writeFileSync(join(bin, 'gomplate'), script, { mode: 0o755 })
    const { body } = await render({ template })
    expect(body.data).toMatchObject({ text: 'from gomplate', renderer: 'gomplate', secret: false })
    const told = JSON.parse(readFileSync(seen, 'utf8'))
    expect(told).toMatchObject({ input: template, mode: 0o600, config: expect.stringContaining('cloud.example.com') })
    expect(told.config).not.toContain(secret)
    expect(existsSync(told.args[told.args.indexOf('--config') + 1])).toBe(false)
    const failed = await render({ template: `{{ crypto.RSAGenerateKey }}\nexplode`, name: 'k' })
    expect([failed.status, failed.body.error.message]).toEqual([400, expect.stringMatching(/^k:2:\d+: .*no luck/)])
  })

  it.each([
    '{{ file.Read "/etc/passwd" }}',
    '{{ net.LookupIP "x" }}',
    '{{ tpl "{{ 1 }}" }}',
    '{{ $x := file }}',
    '{{ env.Getenv "A" }}',
  ])('is not run for a template that could reach further: %s', async (part) => {
    const { status, body } = await render({ template: `{{ crypto.RSAGenerateKey }}${part}` })
    expect([status, body.error.message]).toEqual([400, expect.stringContaining('gomplate is not run')])
  })
})

describe('wild-cli template', () => {
  it('prints one template, or writes it, secrets as 0600', async () => {
    const source = join(folder.path, 'one.yaml')
    writeFileSync(source, 'host: {{ .cloud.domain }}\n')
    expect(await cli(['template', 'render', source])).toMatchObject({ code: 0, stdout: 'host: cloud.example.com\n' })
    expect(await cli(['template', 'render', '-'], '{{ .cluster.name }}')).toMatchObject({ code: 0, stdout: 'home' })
    const output = join(folder.path, 'out/one.yaml')
    const shown = await cli(['template', 'render', source, output, '--diff'])
    expect([shown.code, shown.stdout, existsSync(output)]).toEqual([0, expect.stringContaining('+host: cloud'), false])
    expect((await cli(['template', 'render', source, output])).code).toBe(0)
    expect(readFileSync(output, 'utf8')).toBe('host: cloud.example.com\n')
    expect((await cli(['template', 'render', source, output])).stdout).toContain('up to date')
    const withSecret = join(folder.path, 'out/secret.env')
    const answer = await cli(
      ['template', 'render', '-', withSecret, '--secrets'],
      '{{ .secrets.apps.ghost.dbPassword }}',
    )
    expect([answer.code, answer.stdout.includes(secret), mode(withSecret)]).toEqual([0, false, 0o600])
    expect(readFileSync(withSecret, 'utf8')).toBe(secret)
    expect(audit()).toContain('"door":"cli"')
  })

  it('leaves the output alone and says file:line:col when a template fails', async () => {
    const output = join(folder.path, 'kept.yaml')
    writeFileSync(output, 'mine\n')
    const { code, stderr } = await cli(['template', 'render', '-', output], 'a: {{ .nope }}')
    expect([code, stderr]).toEqual([2, expect.stringContaining('stdin:1:7: map has no entry for key "nope"')])
    expect(readFileSync(output, 'utf8')).toBe('mine\n')
  })

  it('renders a folder: templates filled in, the rest copied, permissions kept, links left out', async () => {
    const binary = Buffer.from([0, 123, 123, 255])
    const source = files('tree', {
      'deploy/a.yaml': 'host: {{ .cloud.domain }}\n',
      'run.sh': '#!/bin/sh\necho {{ .cluster.name }}\n',
      '.hidden': 'plain\n',
      'logo.bin': binary,
      'data.json': '{"name":"{{ .cluster.name }}"}',
      'pass.env': 'P={{ if has . "secrets" }}{{ .secrets.apps.ghost.dbPassword }}{{ end }}\n',
    })
    chmodSync(join(source, 'run.sh'), 0o755)
    symlinkSync('/etc/passwd', join(source, 'passwd'))
    const target = join(folder.path, 'tree_compiled')
    const plan = await cli(['template', 'render-dir', source, '--plan'])
    expect([plan.code, plan.stdout, existsSync(target)]).toEqual([0, expect.stringContaining('6 created'), false])
    const done = await cli(['template', 'render-dir', source, '--secrets'])
    expect([done.code, done.stderr + done.stdout]).toEqual([
      0,
      expect.stringMatching(/passwd is a link[\s\S]*6 created/),
    ])
    expect(readdirSync(target).sort()).toEqual(['.hidden', 'data.json', 'deploy', 'logo.bin', 'pass.env', 'run.sh'])
    expect(readFileSync(join(target, 'data.json'), 'utf8')).toBe('{"name":"home"}')
    expect(readFileSync(join(target, 'logo.bin'))).toEqual(binary)
    expect([mode(join(target, 'run.sh')), mode(join(target, 'pass.env'))]).toEqual([0o755, 0o600])
    writeFileSync(join(target, 'deploy/a.yaml'), 'host: old\n')
    writeFileSync(join(target, 'stale'), '')
    const diff = await cli(['template', 'render-dir', source, target, '--secrets', '--diff', '--clean'])
    expect(diff.stdout).toMatch(/-host: old\n\+host: cloud\.example\.com/)
    expect([diff.stdout.includes('stale: removed'), diff.stdout.includes(secret)]).toEqual([true, false])
    const asked = await cli(['template', 'render-dir', source, target, '--secrets', '--clean'])
    expect([asked.code, existsSync(join(target, 'stale'))]).toEqual([2, true])
    expect((await cli(['template', 'render-dir', source, target, '--secrets', '--clean', '--yes'])).code).toBe(0)
    expect(existsSync(join(target, 'stale'))).toBe(false)
    expect((await cli(['template', 'render-dir', source, target, '--secrets'])).stdout).toContain('6 unchanged')
  })

  it('writes nothing of a folder when one file fails', async () => {
    const source = files('half', { 'a.yaml': '{{ .cluster.name }}', 'b.yaml': '{{ .nope }}' })
    const { code, stderr } = await cli(['template', 'render-dir', source])
    expect([code, stderr]).toEqual([2, expect.stringContaining('b.yaml:1:4')])
    expect(existsSync(`${source}_compiled`)).toBe(false)
  })

  it.each([
    ['itself', ''],
    ['a folder within', 'deep/target'],
    ['a folder around', '..'],
  ])('refuses %s as the target', async (_what, target) => {
    const source = files('guard', { 'a.yaml': 'x', 'deep/b': 'y' })
    const { code } = await cli(['template', 'render-dir', source, join(source, target)])
    expect([code, readFileSync(join(source, 'a.yaml'), 'utf8')]).toEqual([2, 'x'])
  })

  it('does not write through links of the target', async () => {
    const source = files('linked', { 'sub/a.yaml': 'x' })
    const outside = files('outside', { 'a.yaml': 'kept' })
    const target = files('linked-target', { keep: '' })
    symlinkSync(outside, join(target, 'sub'))
    expect((await cli(['template', 'render-dir', source, target])).code).toBe(2)
    expect(readFileSync(join(outside, 'a.yaml'), 'utf8')).toBe('kept')
  })
})
