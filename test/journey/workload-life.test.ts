import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wildCli } from '../../lab/demo/journey.ts'
import { fetchGhost } from '../../lab/demo/proof.ts'
import { labCommands, root, startTestWorld } from '../world.ts'
import { succeed } from './support/succeed.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 300_000
let world: Awaited<ReturnType<typeof startTestWorld>>

const cli = (...args: string[]) => succeed(world, ...args)

beforeAll(async () => {
  world = await startTestWorld({ speed: 60, machines: 3 })
  await walkUntil(world, 'app')
}, limitMs)
afterAll(() => world?.remove(), limitMs)

const home = (...parts: string[]) => join(world.dataDirectory, 'instances/home', ...parts)
const mutating = () => labCommands(world.dataDirectory).filter(({ mutating: changes }) => changes).length
const get = async (path: string) => (await world.rest('GET', `/instances/home${path}`)).body.data
const ended = async (method: string, path: string, body?: unknown) => {
  const answer = await world.rest(method, `/instances/home${path}`, body)
  return answer.status === 202 ? world.ended(answer.body.operation_id) : answer.body
}

describe('examining an app', () => {
  const found = async () => {
    const { status, result, warnings } = await ended('POST', '/apps/ghost/doctor')
    expect(status).toBe('completed')
    const of = (name: string) => result.checks.find((check: { name: string }) => check.name === name)
    return { status: result.status, checks: result.checks, of, warnings }
  }

  it(
    'looks at everything it needs and changes nothing',
    async () => {
      const before = mutating()
      const { checks, of } = await found()
      expect(checks.filter(({ status }: { status: string }) => status === 'failing')).toEqual([])
      for (const name of ['Pods', 'Images', 'Volumes', 'Secrets', 'Database', 'Ingress', 'Certificate'])
        expect([name, of(name)?.status]).toEqual([name, 'passing'])
      expect(of('Answers through the front door').message).toContain('answers with 200')
      expect(mutating()).toBe(before)
      expect((await world.rest('POST', '/instances/home/apps/gitea/doctor')).status).toBe(404)
      expect(await cli('app', 'doctor', 'mysql')).toContain('Answers its administrator')
    },
    limitMs,
  )

  it(
    'tells what is wrong and what to do: a secret that is another one, an ingress that is gone; the command exits 5',
    async () => {
      kubectl([
        'patch',
        'secret',
        'ghost-secrets',
        '-n',
        'ghost',
        '--type=merge',
        '-p',
        '{"data":{"apps.ghost.dbPassword":"eA=="}}',
      ])
      kubectl(['delete', 'ingress', 'ghost', '-n', 'ghost'])
      const { status, of, warnings } = await found()
      expect(status).toBe('unhealthy')
      expect(of('Secrets')).toMatchObject({ status: 'failing', message: expect.stringContaining('another one') })
      expect(of('Ingress')).toMatchObject({ status: 'failing', remedy: expect.stringContaining('app deploy ghost') })
      expect(of('Answers through the front door').message).toContain('answers with 404')
      expect(warnings.join()).toContain('app deploy ghost')
      const { code } = await wildCli(root, world, ['app', 'doctor', 'ghost'])
      expect(code).toBe(5)
      await cli('app', 'deploy', 'ghost')
      expect((await found()).checks.filter((check: { status: string }) => check.status === 'failing')).toEqual([])
    },
    limitMs,
  )
})

describe('updating an app', () => {
  const deployed = async () => (await cluster('deployment', 'ghost', 'ghost'))[0].spec.template.spec.containers[0].image
  const edit = (path: string, from: string, to: string) => {
    const text = readFileSync(home(path), 'utf8')
    expect(text).toContain(from)
    writeFileSync(home(path), text.replace(from, to))
  }

  it(
    'changes settings and renders its files; starts nothing; refuses what it does not know',
    async () => {
      const before = mutating()
      const put = (config: unknown) => world.rest('PUT', '/instances/home/apps/ghost', { config })
      const answer = await put({ timezone: 'Europe/Berlin' })
      expect([answer.status, answer.body.message, answer.body.data.config.timezone]).toEqual([
        200,
        'App configuration updated',
        'Europe/Berlin',
      ])
      expect(readFileSync(home('apps/ghost/deployment.yaml'), 'utf8')).toContain('Europe/Berlin')
      const config = readFileSync(home('config.yaml'), 'utf8')
      for (const wrong of [{ nonsense: 1 }, { port: 'many' }, 'text']) {
        const { status, body } = await put(wrong)
        expect([status, body.error.code]).toEqual([400, 'INVALID_INPUT'])
      }
      expect((await world.rest('PUT', '/instances/home/apps/gitea', { config: {} })).status).toBe(404)
      expect(readFileSync(home('config.yaml'), 'utf8')).toBe(config)
      expect(mutating()).toBe(before)
    },
    limitMs,
  )

  it(
    'takes it to another version in the catalog, with edits by hand kept; deploying alone does not',
    async () => {
      edit('apps/ghost/deployment.yaml', 'periodSeconds: 15', 'periodSeconds: 20')
      await cli('app', 'deploy', 'ghost')
      const own = join(world.dataDirectory, 'apps/ghost')
      cpSync(join(root, 'catalog/apps/ghost'), own, { recursive: true })
      const manifest = readFileSync(join(own, 'manifest.yaml'), 'utf8')
      const [, version] = /^version: (.*)$/m.exec(manifest)!
      writeFileSync(join(own, 'manifest.yaml'), manifest.replaceAll(version!, '99.1.0-alpine'))
      expect((await get('/apps')).apps.find(({ name }: { name: string }) => name === 'ghost')).toMatchObject({
        version,
        new_version: '99.1.0-alpine',
      })
      const image = await deployed()
      await cli('app', 'deploy', 'ghost')
      expect(await deployed()).toBe(image)
      const compared = await cli('app', 'update', 'ghost', '--dry-run', '-v')
      expect(compared).toMatch(/\+ +image: .*:99\.1\.0-alpine/)
      expect(await deployed()).toBe(image)
      const plan = await cli('app', 'update', 'ghost', '--plan')
      expect(plan).toContain(`Ghost ${version} → 99.1.0-alpine`)
      expect(plan).toContain('what is new would be brought in')
      await cli('app', 'update', 'ghost', '--yes')
      expect(await deployed()).toContain('99.1.0-alpine')
      expect(readFileSync(home('apps/ghost/deployment.yaml'), 'utf8')).toContain('periodSeconds: 20')
      const [live] = await cluster('deployment', 'ghost', 'ghost')
      expect(live.spec.template.spec.containers[0].livenessProbe.periodSeconds).toBe(20)
      const commands = mutating()
      const { last_backup: kept } = await get('/apps/ghost/status')
      const { backups } = await get('/apps/ghost/backups')
      expect(backups.find(({ id }: { id: string }) => id === kept.id)).toMatchObject({
        app: 'ghost',
        app_version: version,
        reason: 'update',
        whole: true,
      })
      expect(await cli('app', 'status', 'ghost')).toContain(kept.created_at)
      await cli('app', 'update', 'ghost', '--yes')
      expect(mutating()).toBe(commands)
      expect((await get('/apps/ghost/status')).last_backup.id).toBe(kept.id)
    },
    limitMs,
  )

  it(
    'goes back to what it was when it does not become ready',
    async () => {
      const image = await deployed()
      const files = readFileSync(home('apps/ghost/deployment.yaml'), 'utf8')
      const config = readFileSync(home('config.yaml'), 'utf8')
      const failed = await ended('POST', '/apps/ghost/update', {
        config: { image: 'docker.io/library/ghost:does-not-exist' },
      })
      expect([failed.status, failed.error.message]).toEqual(['failed', expect.stringContaining('cannot be pulled')])
      expect(failed.warnings).toEqual([expect.stringContaining('put back to what it was')])
      expect(await deployed()).toBe(image)
      expect(readFileSync(home('apps/ghost/deployment.yaml'), 'utf8')).toBe(files)
      expect(readFileSync(home('config.yaml'), 'utf8')).toBe(config)
      expect(existsSync(home('.wildcloud/updates/ghost'))).toBe(false)
    },
    limitMs,
  )

  it(
    'refuses where an edit by hand and the new text change the same lines; force puts the edit aside',
    async () => {
      edit('apps/ghost/deployment.yaml', 'value: "Europe/Berlin"', 'value: "Europe/Paris"')
      const before = readFileSync(home('apps/ghost/deployment.yaml'), 'utf8')
      const body = { config: { timezone: 'Europe/Rome' } }
      const refused = await ended('POST', '/apps/ghost/update', body)
      expect([refused.error.code, refused.error.details.files]).toEqual(['CONFLICT', ['deployment.yaml']])
      expect(readFileSync(home('apps/ghost/deployment.yaml'), 'utf8')).toBe(before)
      expect((await ended('POST', '/apps/ghost/update', { ...body, force: true })).status).toBe('completed')
      expect(readFileSync(home('apps/ghost/deployment.yaml'), 'utf8')).toContain('Europe/Rome')
      const [aside] = readdirSync(home('.wildcloud/edited/apps/ghost'))
      expect(readFileSync(home('.wildcloud/edited/apps/ghost', aside!), 'utf8')).toBe(before)
    },
    limitMs,
  )
})

describe('deploying an app that does not fit', () => {
  const deploy = (app: string, body = {}) => ended('POST', `/apps/${app}/deploy`, body)

  it(
    'is refused before anything is changed: a taken address, no room',
    async () => {
      await cli('app', 'add', 'uptime-kuma', '--set', 'domain=ghost.cloud.example.com')
      const before = mutating()
      const taken = await deploy('uptime-kuma')
      expect([taken.error.code, taken.error.message]).toEqual([
        'CONFLICT',
        expect.stringContaining('ghost.cloud.example.com is taken by ghost/ghost'),
      ])
      await cli('app', 'delete', 'uptime-kuma', '--yes')
      const own = join(world.dataDirectory, 'apps/uptime-kuma')
      cpSync(join(root, 'catalog/apps/uptime-kuma'), own, { recursive: true })
      for (const file of readdirSync(own)) {
        const text = readFileSync(join(own, file), 'utf8')
        writeFileSync(join(own, file), text.replace(/memory: \d+Mi \}/, 'memory: 900Gi }'))
      }
      await cli('app', 'add', 'uptime-kuma', '--set', 'domain=kuma.cloud.example.com')
      const large = await deploy('uptime-kuma')
      expect([large.error.code, large.error.message]).toEqual([
        'CONFLICT',
        expect.stringContaining('900 GiB of memory'),
      ])
      expect(mutating()).toBe(before)
      await cli('app', 'delete', 'uptime-kuma', '--yes')
    },
    limitMs,
  )
})

describe('updating a service', () => {
  it(
    'refuses a version the catalog does not have, unknown settings and what is not installed; nothing is changed',
    async () => {
      const before = mutating()
      const put = (name: string, body: unknown) => world.rest('PUT', `/instances/home/services/${name}`, body)
      const version = await put('metallb', { version: '0.0.1' })
      expect([version.status, version.body.error.details.field]).toEqual([400, 'version'])
      const setting = await put('metallb', { config: { nonsense: 1 } })
      expect([setting.status, setting.body.error.details.field]).toEqual([400, 'nonsense'])
      expect((await put('nfs', {})).status).toBe(404)
      expect(mutating()).toBe(before)
    },
    limitMs,
  )

  it(
    'brings what is new into the copy of its templates that was edited by hand',
    async () => {
      const before = mutating()
      expect(await cli('service', 'fetch', 'traefik', '--plan')).toContain('Nothing was changed')
      expect(existsSync(home('setup/cluster-services/traefik/kustomize.template'))).toBe(false)
      await cli('service', 'fetch', 'traefik')
      expect(mutating()).toBe(before)
      const copy = 'setup/cluster-services/traefik/kustomize.template/traefik/deployment.yaml'
      const text = readFileSync(home(copy), 'utf8')
      writeFileSync(home(copy), `# mine\n${text}`)
      const done = await ended('PUT', '/services/traefik', {})
      expect([done.status, done.error]).toEqual(['completed', undefined])
      expect(readFileSync(home(copy), 'utf8')).toBe(`# mine\n${text}`)
      expect(readFileSync(home('setup/cluster-services/traefik/kustomize/traefik/deployment.yaml'), 'utf8')).toMatch(
        /^# mine/,
      )
    },
    limitMs,
  )
})

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
      expect(readdirSync(home('.wildcloud/removed/apps')).filter((name) => name.startsWith('ghost-'))).toEqual([
        expect.stringMatching(/^ghost-/),
      ])
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
      // The registry keeps its images on it.
      expect((await ended('DELETE', '/services/docker-registry')).status).toBe('completed')
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

function kubectl(args: string[]): void {
  execFileSync('kubectl', ['--kubeconfig', home('.kube/config'), ...args], { env: world.toolEnvironment })
}
