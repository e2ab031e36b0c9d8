import { readdir, readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { settings } from '../browser/web-world.ts'
import { pick } from '../depth.ts'
import { labDoor } from '../lab-door.ts'
import { labCommands, startTestWorld } from '../world.ts'
import { kubectl } from './support/kubectl.ts'
import { withMore } from './support/service-objects.ts'
import { groupsOf } from './support/stages.ts'
import { succeed } from './support/succeed.ts'

/** At `quick` the same operations are walked by other proofs. */
const deeper = pick({ quick: false, ci: true, full: true })
const limitMs = 600_000
const home = '/instances/home'
const canary = 'canary-of-the-mail-password'
const extensions = [
  'iscsi-tools',
  'util-linux-tools',
  'nonfree-kmod-nvidia-production',
  'nvidia-container-toolkit-production',
]

let world: Awaited<ReturnType<typeof startTestWorld>>
let relay: Server

const cli = (command: string) => succeed(world, ...command.split(' '))
async function ask(method: string, path: string, body: unknown): Promise<void> {
  const { status, text } = await world.rest(method, `${home}${path}`, body)
  if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${text}`)
}
async function ended(path: string, body: unknown = {}) {
  const { status, text, body: answer } = await world.rest('POST', `${home}${path}`, body)
  if (status !== 202) throw new Error(`${path} answered ${status}: ${text}`)
  return world.ended(answer.operation_id)
}
const mutating = () => labCommands(world.dataDirectory).filter(({ mutating: changes }) => changes).length

/** A network with a mail relay, a storage machine (the lab's own) and a machine with an NVIDIA card. */
beforeAll(async () => {
  world = await startTestWorld({ speed: 60, machines: 1 })
  const { net } = await labDoor(world.dataDirectory).state()
  const prefix = net.replace(/\.0\/24$/, '')
  relay = createServer((socket) => socket.on('error', () => socket.destroy()))
  await new Promise<void>((resolve) => relay.listen(0, `${prefix}.25`, resolve))
  await labDoor(world.dataDirectory).cards(1, ['0300_10de'])
  for (const command of ['instance create home', ...settings]) await cli(command)
  await ask('PUT', '/talos/schematic', { extensions: extensions.map((name) => `siderolabs/${name}`) })
  await ask('POST', '/talos/schematic/upload', {})
  for (const command of ['node discover', 'node setup control-1 --yes', 'cluster bootstrap']) await cli(command)
  await ask('PUT', '/services/nfs/settings', {
    config: { 'cloud.nfs.host': `${prefix}.20`, cloud: { nfs: { mediaPath: '/srv/media' } } },
  })
  await ask('PUT', '/services/smtp/settings', {
    config: { 'cloud.smtp.host': `${prefix}.25`, 'cloud.smtp.port': (relay.address() as { port: number }).port },
  })
  await ask('PUT', '/secrets', { path: 'cloud.smtp.password', value: canary })
  await ask('PUT', '/secrets', { path: 'cloudflare.token', value: 'a-good-token-of-cloudflare' })
}, limitMs)
afterAll(async () => {
  relay?.close()
  await world?.remove()
}, limitMs)

/** Everything the daemon wrote but for secrets.yaml and its history, and every command line. */
async function everythingWritten(): Promise<string> {
  const found = await readdir(world.dataDirectory, { recursive: true, withFileTypes: true })
  const files = found.filter((item) => item.isFile()).map((item) => join(item.parentPath, item.name))
  const readable = files.filter((path) => !/\/lab\/lab\.db|secrets\.yaml|\/history\//.test(path))
  return (await Promise.all(readable.map((path) => readFile(path, 'latin1').catch(() => '')))).join('\n')
}

describe.runIf(deeper)('a network that has everything', () => {
  it(
    'gets the drivers of its graphics card with what finds it, and offers the card to apps',
    async () => {
      const { status, error } = await ended('/services', { name: 'nvidia-device-plugin' })
      expect([status, error]).toEqual(['completed', undefined])
      const offered = ['get', 'node', 'control-1', '-o', 'jsonpath={.status.allocatable.nvidia\\.com/gpu}']
      await expect.poll(() => kubectl(world, offered), { timeout: 60_000, interval: 300 }).toBe('1')
      expect((await ended('/services', { name: 'utils' })).status).toBe('completed')
    },
    limitMs,
  )

  it(
    'ends with all thirteen services healthy, twice in a row, the second time without a change',
    async () => {
      const first = await ended('/services/install-all')
      expect([first.status, first.error, first.result.left_out]).toEqual(['completed', undefined, []])
      const { services } = (await world.rest('GET', `${home}/services`)).body.data
      expect(services.filter(({ status }: { status: string }) => status !== 'running')).toEqual([])
      expect(services).toHaveLength(13)
      const health = (await world.rest('GET', `${home}/health`)).body.data.services
      const wrong = health.flatMap(({ service, checks }: { service: string; checks: { status: string }[] }) =>
        checks.filter(({ status }) => status !== 'passing').map((check) => [service, check]),
      )
      expect([health.length, wrong]).toEqual([13, []])
      const before = mutating()
      const again = await ended('/services/install-all')
      expect([again.status, again.error]).toEqual(['completed', undefined])
      expect(mutating()).toBe(before)
    },
    limitMs,
  )

  it.each(Object.entries(withMore))(
    'goes on without %s when it fails, says so, and finishes once it does not',
    async (name, object) => {
      const lab = labDoor(world.dataDirectory)
      const gone = await world.rest('DELETE', `${home}/services/${name}?force=true`)
      expect((await world.ended(gone.body.operation_id)).status).toBe('completed')
      // Rendered it counts as asked for, also where that is what it takes.
      expect((await ended('/services', { name, deploy: false })).status).toBe('completed')
      await lab.fault({ kind: 'object-refused', command: object })
      const first = await ended('/services/install-all')
      await lab.clearFaults()
      expect([first.status, first.warnings.join('\n')]).toEqual(['completed', expect.stringContaining('denied')])
      const blocked = name === 'node-feature-discovery' ? { 'nvidia-device-plugin': 'blocked' } : {}
      expect(groupsOf(first)).toMatchObject({ [name]: 'failed', ...blocked })
      const stopped = Object.entries(groupsOf(first)).filter(([, state]) => !['done', 'skipped'].includes(state))
      expect(stopped.map(([other]) => other).sort()).toEqual([name, ...Object.keys(blocked)])

      const again = await ended('/services/install-all')
      expect([again.status, again.error]).toEqual(['completed', undefined])
      expect((await world.rest('GET', `${home}/services/${name}`)).body.data.status).toBe('running')
    },
    limitMs,
  )

  it('has the password of the mail relay where secrets belong and nowhere else', async () => {
    const kept = await readFile(join(world.dataDirectory, 'instances/home/secrets.yaml'), 'utf8')
    expect(kept).toContain(canary)
    expect(await everythingWritten()).not.toContain(canary)
  })
})
