import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Command } from 'commander'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createProgram } from '../program.ts'
import { testCli } from '../testing/test-cli.ts'
import { data } from '../testing/test-daemon.ts'
import { complete, unquote } from './complete.ts'
import { shellScripts } from './scripts.ts'

const { daemon, cli } = await testCli()
let folder: string

beforeAll(() => {
  // The scripts call wild-cli by its name.
  folder = mkdtempSync(join(tmpdir(), 'wild-completion-'))
  writeFileSync(join(folder, 'wild-cli'), `#!/bin/sh\nexec '${process.execPath}' '${cli.file}' "$@"\n`)
  chmodSync(join(folder, 'wild-cli'), 0o755)
  mkdirSync(join(folder, 'home', 'some folder'), { recursive: true })
  writeFileSync(join(folder, 'home', 'some text.yaml'), '')
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  daemon.on('GET /context', data({ current: 'home' }))
  daemon.on('GET /instances', data({ instances: [{ name: 'home' }, { name: 'hotel' }, { name: 'work' }] }))
  daemon.on('GET /instances/home/nodes', data({ nodes: [{ name: 'control-1' }, { name: 'control-2' }] }))
  daemon.on('GET /instances/work/nodes', data({ nodes: [{ name: 'worker-1', role: 'worker' }] }))
  daemon.on('GET /instances/home/machines', data({ machines: [{ mac: '52:54:00:01' }] }))
  daemon.on('GET /instances/home/services', data({ services: [{ name: 'traefik' }, { name: 'metallb' }] }))
  daemon.on('GET /apps', data({ apps: [{ name: 'ghost', category: 'web' }, { name: 'gitea' }] }))
  daemon.on('GET /apps/ghost', data({ default_config: { domain: 'a', db: { name: 'b' } } }))
  daemon.on('GET /instances/home/apps', data({ apps: [{ name: 'ghost', status: 'running' }] }))
  daemon.on('GET /operations', data({ operations: [{ operation_id: 'op_1', title: 'Node', status: 'failed' }] }))
  const keys = [
    { path: 'cloud.domain', kind: 'domain', help: 'Public domain.', suggestion: 'cloud.a.org' },
    { path: 'cloud.smtp.tls', kind: 'true or false', help: 'TLS.' },
    { path: 'cluster.nodes.active.*.disk', kind: 'text', help: 'Disk.' },
  ]
  daemon.on('GET /instances/home/config/keys', data({ keys }))
  daemon.on('GET /instances/home/config', data({ cloud: { domain: 'a', own: 1 }, nodes: { '10.0.0.1': {} } }))
  daemon.on('GET /instances/home/secrets/list', data({ secrets: [{ path: 'apps.ghost.dbPassword', set: true }] }))
})

/** What COMPREPLY holds after a Tab at the end of the line, in a real bash. */
async function inBash(line: string, env: Record<string, string> = {}): Promise<string[]> {
  // As readline does: words are split at blanks and at the breaking characters, which are words of their own.
  const words: string[] = line.match(/(?:\\.|"[^"]*"?|'[^']*'?|[^\s=:\\"'])+|[=:]+/g) ?? []
  if (/\s$/.test(line)) words.push('')
  const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  const script = `source <(wild-cli completion bash)
    compopt() { :; }
    COMP_WORDS=(${quoted}); COMP_CWORD=${words.length - 1}; COMP_LINE=ignored
    _wild_cli; printf '%s\\n' "\${COMPREPLY[@]}"`
  const child = spawn('bash', ['--norc', '-c', script], {
    cwd: join(folder, 'home'),
    env: { PATH: [folder, process.env.PATH].join(delimiter), HOME: folder, WILD_DAEMON_URL: daemon.url, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (more) => {
    text += more
  })
  await new Promise((resolve) => child.on('close', resolve))
  return text.split('\n').filter(Boolean)
}

describe('completion in bash', () => {
  it.each<[string, string[]]>([
    ['wild-cli cont', ['context']],
    ['wild-cli node s', ['show', 'setup', 'shutdown']],
    ['wild-cli help config h', ['history', 'help']],
    ['wild-cli op canc', ['cancel']],
    ['wild-cli instance show h', ['home', 'hotel']],
    ['wild-cli --instance ho', ['home', 'hotel']],
    ['wild-cli --instance=ho', ['home', 'hotel']],
    ['wild-cli instance create ', []],
    ['wild-cli node setup control-1 ', ['control-2']],
    ['wild-cli node show control-1 ', []],
    ['wild-cli -i work node show ', ['worker-1']],
    ['wild-cli service install m', ['metallb']],
    ['wild-cli app add ', ['ghost', 'gitea']],
    ['wild-cli app deploy ', ['ghost']],
    ['wild-cli app catalog --category ', ['web']],
    ['wild-cli app add ghost --set d', ['domain=', 'db=', 'db.name=']],
    ['wild-cli operation show ', ['op_1']],
    ['wild-cli operation list --status=f', ['failed']],
    ['wild-cli operation list --status f', ['failed']],
    ['wild-cli config get cloud.', ['cloud.domain', 'cloud.smtp.tls', 'cloud.own']],
    ['wild-cli config get nodes.\\"10', ['nodes.\\"10.0.0.1\\"']],
    ['wild-cli config set cloud.smtp.tls ', ['true', 'false']],
    ['wild-cli config set cloud.domain ', ['cloud.a.org']],
    ['wild-cli config set-many cloud.own=1 cloud.d', ['cloud.domain=']],
    ['wild-cli config set-many cloud.domain=x', []],
    ['wild-cli secret get a', ['apps.ghost.dbPassword']],
    ['wild-cli template render some', ['some folder', 'some text.yaml']],
    ['wild-cli service install traefik --no-d', ['--no-deploy']],
    ['wild-cli service install --plan --pl', []],
    ['wild-cli node hardware 52:54', ['54:00:01']],
    ['wild-cli nothing there', []],
  ])('of %s', async (line, expected) => expect((await inBash(line)).sort()).toEqual([...expected].sort()))

  it('offers nothing that comes from the daemon when it is away, slow or says no, and is silent', async () => {
    expect(await inBash('wild-cli node show ', { WILD_DAEMON_URL: 'http://127.0.0.1:9' })).toEqual([])
    expect(await inBash('wild-cli node show ', { WILD_DAEMON_URL: 'nonsense' })).toEqual([])
    expect(await inBash('wild-cli -i nowhere node show ')).toEqual([])
    daemon.on('GET /instances', () => undefined)
    const before = Date.now()
    expect(await inBash('wild-cli instance show ')).toEqual([])
    expect(Date.now() - before).toBeLessThan(5000)
    expect(await inBash('wild-cli instance sh', { WILD_DAEMON_URL: 'http://127.0.0.1:9' })).toEqual(['show'])
  })

  it('changes nothing', async () => {
    await inBash('wild-cli instance delete home --force --yes ')
    expect(daemon.calls.filter(({ method }) => method !== 'GET')).toEqual([])
  })
})

describe('completion', () => {
  it('knows every command and every option that the help shows', async () => {
    const program = createProgram('1')
    const walk = async (command: Command, words: string[]): Promise<void> => {
      const below = command.commands.filter((each) => each.name() !== '__complete')
      if (below.length) expect(await values([...words, ''])).toEqual([...below.map((each) => each.name()), 'help'])
      const shown = command.createHelp().visibleOptions(command)
      expect(await values([...words, '-'])).toEqual(expect.arrayContaining(shown.map(({ long }) => long)))
      for (const each of below) await walk(each, [...words, each.name()])
    }
    const values = async (words: string[]) =>
      ((await complete(program, words, async () => [])) as { value: string }[]).map(({ value }) => value)
    await walk(program, [])
  })

  it.each([
    ['plain', 'plain'],
    ['a\\ b', 'a b'],
    [`'a."1.2'`, 'a."1.2'],
    [`"it's`, "it's"],
    ['a\\', 'a'],
  ])('reads the word %s as the shell does', (word, text) => expect(unquote(word)).toBe(text))

  it.each(shellScripts.map(({ shell, install }) => [shell, install]))(
    'for %s says in its help how to install it',
    async (shell, install) => {
      const { stdout } = await cli.run(['completion', shell, '--help'])
      expect(stdout).toContain(install)
    },
  )

  it.each(shellScripts)('prints the script for $shell', async ({ shell, script }) => {
    expect((await cli.run(['completion', shell])).stdout).toBe(script)
  })

  for (const { shell, script } of shellScripts)
    it.skipIf(spawnSync(shell, ['-c', 'true']).error)(`script reads well in ${shell}`, () => {
      const { status, stderr } = spawnSync(shell, ['-n'], { input: script, encoding: 'utf8' })
      expect([status, stderr]).toEqual([0, ''])
    })

  it('is asked for without an instance name that is empty', async () => {
    expect((await cli.run(['__complete', '--', '--instance', '', 'node', 'show', 'control-1'])).stdout).toBe(
      'control-1\n',
    )
  })
})
