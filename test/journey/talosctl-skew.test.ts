import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { journey, wildCli } from '../../lab/demo/journey.ts'
import { root, startTestWorld, temporaryFolder } from '../world.ts'

const limitMs = 240_000
let folder: ReturnType<typeof temporaryFolder>
let world: Awaited<ReturnType<typeof startTestWorld>>

/** A talosctl that works, and calls itself by another version. */
function install(version: string): void {
  const real = join(root, 'lab/bin/talosctl')
  const script = `#!/bin/sh\ncase "$*" in *"version --client"*) echo "Talos ${version}";; *) exec '${real}' "$@";; esac\n`
  writeFileSync(join(folder.path, 'talosctl'), script, { mode: 0o755 })
}

const cli = (...args: string[]) => wildCli(root, world, args)

beforeAll(async () => {
  folder = temporaryFolder('talosctl-skew')
  install('v1.11.5')
  world = await startTestWorld({ machines: 2, programs: { talosctl: join(folder.path, 'talosctl') } })
  for (const args of journey.slice(0, 7))
    expect([args.join(' '), (await cli(...args)).code]).toEqual([args.join(' '), 0])
}, limitMs)
afterAll(async () => {
  await world?.remove()
  folder?.remove()
})

it(
  'a talosctl newer or older than the machines is told before they are changed, and by the health of their cluster',
  async () => {
    install('v1.9.6')
    const older = await cli('node', 'setup', 'control-1', '--yes')
    expect([older.code, older.output]).toEqual([
      0,
      expect.stringMatching(
        /WARNING: .*talosctl on this device is v1.9.6, older than the Talos v1.11.5 of control-1.*Install talosctl v1.11.5/,
      ),
    ])
    install('v1.14.0')
    const newer = await cli('node', 'setup', 'worker-1', '--yes')
    expect([newer.code, newer.output]).toEqual([
      0,
      expect.stringMatching(/WARNING: .*talosctl on this device is v1.14.0, newer than the Talos v1.11.5 of worker-1/),
    ])
    expect((await cli('cluster', 'bootstrap')).code).toBe(0)
    await expect
      .poll(async () => (await cli('cluster', 'health')).output, { timeout: 120_000, interval: 500 })
      .toMatch(/talosctl on this device is v1.14.0, the machines run v1.11.5/)
    // What could go wrong is refused, with what to install.
    const refused = await cli('cluster', 'upgrade', '--talos', 'v1.11.6', '--yes')
    expect(refused.code).not.toBe(0)
    expect(refused.output).toMatch(/talosctl v1.14.0 does not fit Talos v1.11.5.*Install talosctl of Talos 1.11/)
    install('v1.11.5')
    expect((await cli('cluster', 'upgrade', '--talos', 'v1.11.6', '--yes')).code).toBe(0)
  },
  limitMs,
)
