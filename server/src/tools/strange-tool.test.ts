import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createMasker } from '../platform/masking.ts'
import { createToolRunner } from '../platform/tool-runner.ts'
import { createKubectl } from './kubectl.ts'
import { createTalosctl } from './talosctl.ts'

let folder: string
const path = process.env.PATH

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wild-strange-'))
  process.env.PATH = `${folder}:/usr/bin:/bin`
})
afterEach(() => {
  process.env.PATH = path
  rmSync(folder, { recursive: true, force: true })
})

/** A program of that name, as a shell script. */
function put(tool: string, script: string, mode = 0o755): void {
  writeFileSync(join(folder, tool), script.startsWith('\u007fELF') ? script : `#!/bin/sh\n${script}\n`)
  chmodSync(join(folder, tool), mode)
}
const run = createToolRunner({ masker: createMasker([]), graceMs: 100, defaultTimeoutMs: 20_000 })
const talosctl = () => createTalosctl(run, { talosconfig: join(folder, 'talosconfig') })
const kubectl = () => createKubectl(run, { kubeconfig: join(folder, 'kubeconfig'), home: folder })
const failure = (work: Promise<unknown>) =>
  work.then(
    () => ({ code: 'none', message: 'it worked' }),
    (error) => error,
  )
const version = (said: string, otherwise: string) => `case "$*" in *version*) echo "${said}";; *) ${otherwise};; esac`

describe('a tool of another version', () => {
  it('is named with the version it has and the one that is needed', async () => {
    put('talosctl', version('Talos v1.7.6', 'echo "unknown flag: --insecure" >&2; exit 1'))
    const error = await failure(talosctl().disks({ ip: '127.0.0.9', insecure: true }))
    expect(error).toMatchObject({ code: 'TOOL_FAILED', details: { tool: 'talosctl', version: 'v1.7.6' } })
    expect(error.message).toBe(
      'talosctl get failed: unknown flag: --insecure. It is talosctl v1.7.6, which is too old: v1.11 or newer is needed.',
    )
    put('kubectl', version('Client Version: v1.20.5', 'echo "error: unknown flag: --ignore-not-found" >&2; exit 1'))
    expect((await failure(kubectl().get('pods'))).message).toContain(
      'It is kubectl v1.20.5, which is too old: v1.32 or newer is needed.',
    )
  })

  it('is not asked for it when a machine or a cluster refuses', async () => {
    put(
      'talosctl',
      'echo "$*" >> "$TALOSCONFIG"; echo "rpc error: code = PermissionDenied desc = not authorized" >&2; exit 1',
    )
    const error = await failure(talosctl().machineStatus({ ip: '127.0.0.9' }))
    expect(error.message).toBe('talosctl get failed: rpc error: code = PermissionDenied desc = not authorized')
  })
})

describe('a tool that prints garbage', () => {
  it.each([
    ['talosctl', 'of a fitting version', 'Talos v1.11.5', 'It is talosctl v1.11.5.'],
    ['talosctl', 'also for its version', 'hello', 'It does not tell its version'],
    ['kubectl', 'of a fitting version', 'Client Version: v1.34.1', 'It is kubectl v1.34.1.'],
    ['kubectl', 'also for its version', 'hello', 'It does not tell its version'],
  ] as const)('%s, %s', async (tool, _what, said, expected) => {
    put(tool, version(said, 'echo "<html>it works</html>"'))
    const work = tool === 'talosctl' ? talosctl().disks({ ip: '127.0.0.9' }) : kubectl().get('pods')
    const error = await failure(work)
    expect(error.code).toBe('TOOL_FAILED')
    expect(error.message).toMatch(new RegExp(`^${tool} `))
    expect(error.message).toContain(expected)
  })

  it('talosctl, where a table is expected', async () => {
    put('talosctl', version('Talos v1.11.5', 'echo "<html>it works</html>"'))
    expect((await failure(talosctl().etcdMembers('127.0.0.9'))).message).toContain('unexpected for "etcd members"')
  })
})

describe('a tool that cannot be used', () => {
  it('because it may not be run is told apart from one that is not there', async () => {
    process.env.PATH = folder
    put('talosctl', 'exit 0', 0o644)
    expect(await failure(talosctl().disks({ ip: '127.0.0.9' }))).toMatchObject({
      code: 'TOOL_MISSING',
      message: `${join(folder, 'talosctl')} is there, but may not be run: chmod +x ${join(folder, 'talosctl')}`,
    })
    expect((await failure(kubectl().get('pods'))).message).toContain('kubectl is not installed on this device')
  })

  it('because it is no program for this device is named', async () => {
    put('talosctl', '\u007fELF not a program')
    expect(await failure(talosctl().disks({ ip: '127.0.0.9' }))).toMatchObject({
      code: 'TOOL_FAILED',
      message: expect.stringContaining('talosctl'),
    })
  })

  it('because it never answers is ended and named', async () => {
    put('talosctl', 'exec sleep 600')
    const error = await failure(talosctl().disks({ ip: '127.0.0.9' }, { timeoutMs: 300 }))
    expect(error).toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringMatching(/^talosctl get did not answer within/),
    })
  })
})
