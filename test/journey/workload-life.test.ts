import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { journey, wildCli } from '../../lab/demo/journey.ts'
import { fetchGhost } from '../../lab/demo/proof.ts'
import { labCommands, root, startTestWorld } from '../world.ts'

const limitMs = 300_000
let world: Awaited<ReturnType<typeof startTestWorld>>

async function cli(...args: string[]) {
  const { code, output } = await wildCli(root, world, args)
  if (code) throw new Error(`${args.join(' ')} ended with ${code}: ${output}`)
  return output
}

beforeAll(async () => {
  world = await startTestWorld({ speed: 60, machines: 3 })
  for (const args of journey) await cli(...args)
}, limitMs)
afterAll(() => world?.remove(), limitMs)

const home = (...parts: string[]) => join(world.dataDirectory, 'instances/home', ...parts)
const mutating = () => labCommands(world.dataDirectory).filter(({ mutating: changes }) => changes).length
const get = async (path: string) => (await world.rest('GET', `/instances/home${path}`)).body.data
const ended = async (method: string, path: string, body?: unknown) => {
  const answer = await world.rest(method, `/instances/home${path}`, body)
  return answer.status === 202 ? world.ended(answer.body.operation_id) : answer.body
}

describe('deleting an app', () => {
  it(
    'is refused while another needs it, and for what is not there; nothing is changed',
    async () => {
      const before = mutating()
      const refused = await world.rest('DELETE', '/instances/home/apps/mysql')
      expect([refused.status, refused.body.error.code, refused.body.error.message]).toEqual([
        409,
        'CONFLICT',
        expect.stringContaining('needed by ghost'),
      ])
      expect((await world.rest('DELETE', '/instances/home/apps/gitea')).status).toBe(404)
      expect((await world.rest('DELETE', '/instances/home/apps/nonsense')).status).toBe(404)
      expect((await world.rest('DELETE', '/instances/home/apps/ghost?delete_data=perhaps')).status).toBe(400)
      expect(mutating()).toBe(before)
    },
    limitMs,
  )

  it(
    'asks for its name before, and says what would go without doing it',
    async () => {
      const before = mutating()
      const { code, output } = await wildCli(root, world, ['app', 'delete', 'ghost'])
      expect([code, output]).toEqual([2, expect.stringContaining('--yes')])
      const plan = await cli('app', 'delete', 'ghost', '--delete-data', '--plan')
      expect(plan).toContain('Deployment ghost/ghost would be deleted')
      expect(plan).toContain('PersistentVolumeClaim ghost/ghost-content would be deleted')
      expect(plan).toContain('ghost in mysql')
      expect(mutating()).toBe(before)
    },
    limitMs,
  )

  it(
    'keeps volumes, secrets and settings; adding it again finds them',
    async () => {
      const secrets = readFileSync(home('secrets.yaml'), 'utf8')
      const claims = async () => (await cluster('pvc', 'ghost')).map(({ metadata }) => metadata.uid)
      const before = await claims()
      expect(before).toHaveLength(1)
      await cli('app', 'delete', 'ghost', '--yes')
      expect(existsSync(home('apps/ghost'))).toBe(false)
      expect(await cluster('deployment,service,ingress', 'ghost')).toEqual([])
      expect(await claims()).toEqual(before)
      expect(readFileSync(home('secrets.yaml'), 'utf8')).toBe(secrets)
      expect(readdirSync(home('.wildcloud/removed/apps'))).toEqual([expect.stringMatching(/^ghost-/)])
      expect((await world.rest('DELETE', '/instances/home/apps/ghost')).status).toBe(404)
      await cli('app', 'add', 'ghost')
      await cli('app', 'deploy', 'ghost')
      expect(await claims()).toEqual(before)
      await fetchGhost(world)
    },
    limitMs,
  )

  it(
    'takes volumes and secrets too when told so, also when it was deleted before',
    async () => {
      await cli('app', 'delete', 'ghost', '--yes')
      const done = await ended('DELETE', '/apps/ghost?delete_data=true')
      expect([done.status, done.result.kept_databases]).toEqual(['completed', ['ghost in mysql']])
      expect(await cluster('namespace', undefined, 'ghost')).toEqual([])
      expect(readFileSync(home('secrets.yaml'), 'utf8')).not.toContain('dbPassword')
      await cli('app', 'delete', 'mysql', '--delete-data', '--yes')
      expect((await get('/apps')).apps).toEqual([])
    },
    limitMs,
  )
})

describe('deleting a service', () => {
  it(
    'is refused while a service or an app leans on it, and for what is not there; nothing is changed',
    async () => {
      const before = mutating()
      const refused = await world.rest('DELETE', '/instances/home/services/metallb')
      expect([refused.status, refused.body.error.message]).toEqual([409, expect.stringContaining('needed by traefik')])
      expect((await world.rest('DELETE', '/instances/home/services/nonsense')).status).toBe(404)
      expect(mutating()).toBe(before)
    },
    limitMs,
  )

  it(
    'takes all it brought with it; installing it again brings it back',
    async () => {
      expect((await ended('DELETE', '/services/longhorn')).status).toBe('completed')
      expect(await cluster('storageclass')).toEqual([])
      const { services } = await get('/services')
      expect(services.find(({ name }: { name: string }) => name === 'longhorn').status).toBe('not_installed')
      expect((await world.rest('DELETE', '/instances/home/services/longhorn')).status).toBe(404)
      await cli('service', 'install', 'longhorn')
    },
    limitMs,
  )
})

// biome-ignore lint/suspicious/noExplicitAny: objects of any kind
async function cluster(kinds: string, namespace?: string, name?: string): Promise<any[]> {
  const where = namespace ? ['-n', namespace] : []
  const named = name ? [name] : []
  const text = execFileSync(
    'kubectl',
    ['--kubeconfig', home('.kube/config'), 'get', kinds, ...named, ...where, '-o', 'json', '--ignore-not-found'],
    { env: world.toolEnvironment, encoding: 'utf8' },
  )
  if (text.trim() === '') return []
  const answer = JSON.parse(text)
  return answer.items ?? [answer]
}
