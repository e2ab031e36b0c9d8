import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestWorld, temporaryFolder } from '../world.ts'

let folder: ReturnType<typeof temporaryFolder>
let world: Awaited<ReturnType<typeof startTestWorld>>

/** What the talosctl of this daemon does besides telling its version. */
function behave(version: string, otherwise: string): void {
  const script = `#!/bin/sh\ncase "$*" in *"version --client"*) echo "${version}";; *) ${otherwise};; esac\n`
  writeFileSync(join(folder.path, 'talosctl'), script, { mode: 0o755 })
}

beforeAll(async () => {
  folder = temporaryFolder('bad-tools')
  behave('Talos v1.11.5', 'exit 0')
  world = await startTestWorld({ machines: 1, programs: { talosctl: join(folder.path, 'talosctl') } })
  expect((await world.rest('POST', '/instances', { name: 'home' })).status).toBe(201)
}, 120_000)
afterAll(async () => {
  await world?.remove()
  folder?.remove()
})

/** Starts a search for machines and answers the operation when it ended. */
async function discovered() {
  const { body } = await world.rest('POST', '/instances/home/nodes/discover', {})
  return world.ended(body.operation_id)
}

describe('a search for machines with a talosctl that does not behave', () => {
  it.each([
    ['Talos v1.7.6', 'echo "unknown flag: --insecure" >&2; exit 1', 'It is talosctl v1.7.6, which is too old'],
    ['Talos v1.11.5', 'echo "<html>hello</html>"', 'It is talosctl v1.11.5.'],
    ['hello', 'echo hello', 'It does not tell its version'],
  ])(
    '%s: says so by name and version, and the daemon goes on',
    { timeout: 120_000 },
    async (version, otherwise, said) => {
      behave(version, otherwise)
      const operation = await discovered()
      expect(operation.status).toBe('failed')
      expect(operation.error.message).toContain(said)
      expect((await world.rest('GET', '/status')).status).toBe(200)
    },
  )
})
