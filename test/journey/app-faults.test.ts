import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labCommands, startTestWorld } from '../world.ts'
import { succeed } from './support/succeed.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 300_000
let world: Awaited<ReturnType<typeof startTestWorld>>
beforeAll(async () => {
  world = await startTestWorld({ speed: 100, machines: 1 })
  // One machine is enough to fail on.
  await walkUntil(world, 'cluster', 'control-1')
}, limitMs)
afterAll(() => world?.remove(), limitMs)

const cli = (...args: string[]) => succeed(world, ...args)

const mutating = () => labCommands(world.dataDirectory).filter(({ mutating: changes }) => changes).length
const deploy = async (app: string, body: unknown = {}) => {
  const answer = await world.rest('POST', `/instances/home/apps/${app}/deploy`, body)
  return answer.status === 202 ? world.ended(answer.body.operation_id) : answer.body
}
const set = (app: string, config: unknown) => world.rest('PUT', `/instances/home/apps/${app}`, { config })
const logOf = async (id: string): Promise<string> => (await fetch(`${world.url}/api/v1/operations/${id}/logs`)).text()

/** A catalog entry of somebody's own. */
function ownApp(name: string, manifest: string, files: Record<string, string>): void {
  const folder = join(world.dataDirectory, 'apps', name)
  mkdirSync(folder, { recursive: true })
  const common = `name: ${name}\ntitle: Own ${name}\ndescription: An app of somebody's own.\ncategory: home\nicon: icon.svg\nlinks: {}\n`
  const all: Record<string, string> = {
    'manifest.yaml': common + (manifest.includes('version:') ? manifest : `${manifest}version: "1"\n`),
    'icon.svg': '<svg viewBox="0 0 1 1"/>',
    'kustomization.yaml': `namespace: ${name}\nresources: [${Object.keys(files).join(', ')}]\n`,
    ...files,
  }
  for (const [path, text] of Object.entries(all)) writeFileSync(join(folder, path), text)
}

const pod = (container: string) => `spec: { containers: [{ name: main, ${container} }] }`

describe('an app whose job fails', () => {
  const job = `apiVersion: batch/v1
kind: Job
metadata: { name: init }
spec:
  backoffLimit: 0
  template: { spec: { restartPolicy: Never, containers: [{ name: main, image: "{{ .apps.unlucky.image }}" }] } }
`
  const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: unlucky }
spec:
  selector: { matchLabels: { app: unlucky } }
  template: { metadata: { labels: { app: unlucky } }, ${pod('image: "example.com/fine:1"')} }
`
  const manifest = `dependsOn: []
config: { image: { type: string, title: Image, default: "example.com/fills-its-volume:1" } }
ready: [{ kind: Deployment, name: unlucky, condition: Available }]
`

  it(
    'is told with the reason and what to do; nothing is taken away, and once it is mended it goes on',
    async () => {
      ownApp('unlucky', manifest, { 'job.yaml': job, 'deployment.yaml': deployment })
      const full = await deploy('unlucky', { add: true })
      expect([full.status, full.error.code]).toEqual(['failed', 'OPERATION_FAILED'])
      expect(full.error.message).toMatch(/^Job unlucky\/init: it failed.*exit code 1.*Its volume is full.*more space/)
      expect(full.error.details.hint).toContain('run it again')
      expect(await logOf(full.operation_id)).toContain('no space left on device')

      expect((await set('unlucky', { image: 'example.com/exits-with-error:1' })).status).toBe(200)
      const failed = await deploy('unlucky')
      expect(failed.error.message).toMatch(/^Job unlucky\/init: it failed.*Its log says why/)
      expect(failed.error.message).not.toContain('volume')
      const state = await world.rest('GET', '/instances/home/apps/unlucky')
      const trouble = /^Pod init-\w+: it ended with exit code 1\. Its log says why\.$/
      expect(state.body.data).toMatchObject({
        status: 'failed',
        trouble: expect.stringMatching(trouble),
        config: { image: 'example.com/exits-with-error:1' },
      })
      expect(await cli('app', 'status', 'unlucky')).toContain(state.body.data.trouble)
      const { operation_id } = (await world.rest('POST', '/instances/home/apps/unlucky/doctor')).body
      const { checks } = (await world.ended(operation_id)).result
      expect(checks[0]).toMatchObject({ name: 'Pods', status: 'failing', message: state.body.data.trouble })

      await set('unlucky', { image: 'example.com/fine:1' })
      const mended = await deploy('unlucky')
      expect([mended.status, mended.error]).toEqual(['completed', undefined])
      expect((await world.rest('GET', '/instances/home/apps/unlucky')).body.data.status).toBe('running')
    },
    limitMs,
  )

  it(
    'is added with the settings given, which another run takes again; other settings are an update',
    async () => {
      const again = await deploy('unlucky', { add: true, config: { image: 'example.com/fine:1' } })
      expect(again.status).toBe('completed')
      const before = mutating()
      const other = await deploy('unlucky', { add: true, config: { image: 'example.com/other:1' } })
      expect(other.error).toMatchObject({ code: 'INVALID_INPUT', details: { field: 'image' } })
      expect(other.error.message).toContain('an update changes its settings')
      expect(mutating()).toBe(before)
    },
    limitMs,
  )
})

describe('an app that never answers', () => {
  it(
    'is given up with what is not ready and what to do; it stays as it is, to be looked at',
    async () => {
      const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: { name: mute }
spec:
  selector: { matchLabels: { app: mute } }
  template:
    metadata: { labels: { app: mute } }
    ${pod('image: "example.com/fine:1", env: [{ name: DB_HOST, value: db.nowhere.svc.cluster.local }]')}
`
      const manifest =
        'dependsOn: []\nready: [{ kind: Deployment, name: mute, condition: Available, timeoutSeconds: 8 }]\n'
      ownApp('mute', manifest, { 'deployment.yaml': deployment })
      const { status, error } = await deploy('mute', { add: true })
      expect([status, error.code]).toEqual(['failed', 'TIMEOUT'])
      expect(error.message).toMatch(/^Own mute was not ready after 8 s: Deployment mute\/mute: 0 of 1 pods ready/)
      expect(error.details.hint).toContain('run it again')
      expect((await world.rest('GET', '/instances/home/apps/mute')).body.data.pods).toBe(1)
    },
    limitMs,
  )
})

describe('a backup that was made with another version of an app', () => {
  it(
    'is refused while another one is here, with the ways on; not beside, and not for what only the catalog has',
    async () => {
      const manifest = (version: string) => `dependsOn: []\nready: []\nversion: "${version}"\n`
      const files = { 'settings.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings }\n' }
      ownApp('plain', manifest('1'), files)
      expect((await deploy('plain', { add: true })).status).toBe('completed')
      const { operation_id } = (await world.rest('POST', '/instances/home/apps/plain/backups', {})).body
      expect((await world.ended(operation_id)).status).toBe('completed')
      const plan = (body: object) => world.rest('POST', '/instances/home/apps/plain/restore?plan=true', body)

      ownApp('plain', manifest('2'), files)
      expect((await plan({})).status).toBe(200)
      await cli('app', 'update', 'plain')
      const before = mutating()
      const { status, body } = await plan({})
      expect([status, body.error.code]).toEqual([409, 'CONFLICT'])
      expect(body.error.message).toContain('made with plain 1, and 2 is here')
      expect(body.error.details).toMatchObject({ field: 'other_version', backup: '1', here: '2' })
      for (const wanted of [{ other_version: true }, { beside: 'looked-at' }])
        expect((await plan(wanted)).status).toBe(200)
      expect(mutating()).toBe(before)
      await cli('app', 'delete', 'plain', '--yes')
      expect((await plan({})).body.error.message).toContain('made with plain 1, and the catalog has 2')
      ownApp('plain', manifest('1'), files)
      expect((await plan({})).status).toBe(200)
    },
    limitMs,
  )
})

describe('an app that cannot be deployed', () => {
  it(
    'for want of a storage class says which and what brings it, before anything is changed',
    async () => {
      const before = mutating()
      // The volumes of redis are those of a StatefulSet, those of vaultwarden a claim of its own.
      for (const app of ['redis', 'vaultwarden']) {
        const { status, error } = await deploy(app, { add: true })
        expect([status, error.code]).toEqual(['failed', 'CONFLICT'])
        expect(error.message).toMatch(/wants the storage class longhorn, which is not there/)
        expect(error.details.hint).toBe('wild-cli service install longhorn')
      }
      expect(mutating()).toBe(before)
    },
    limitMs,
  )

  it(
    'because apps need each other in a circle names the circle; nothing is written, and other apps are not disturbed',
    async () => {
      ownApp('ring-a', 'dependsOn: [ring-b]\nready: []\n', {})
      ownApp('ring-b', 'dependsOn: [ring-a]\nready: []\n', {})
      const before = mutating()
      for (const answer of [
        await world.rest('POST', '/instances/home/apps', { name: 'ring-a' }),
        await world.rest('GET', '/instances/home/apps/ring-a/proposal'),
        await world.rest('POST', '/instances/home/apps/ring-a/deploy', { add: true }),
      ]) {
        expect(answer.body.error.code).toBe('CONFIG_INVALID')
        expect(answer.body.error.message).toContain('ring-a → ring-b → ring-a')
      }
      expect(mutating()).toBe(before)
      expect(await cli('app', 'list')).not.toContain('ring')
      expect(await cli('app', 'catalog')).toContain('ring-a')
    },
    limitMs,
  )
})
