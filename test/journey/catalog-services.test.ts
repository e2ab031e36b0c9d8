import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wildCli } from '../../lab/demo/journey.ts'
import { pick } from '../depth.ts'
import { root, startTestWorld } from '../world.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 420_000
const at = '/instances/home'
const deeper = pick({ quick: false, ci: true, full: true })

let world: Awaited<ReturnType<typeof startTestWorld>>

beforeAll(async () => {
  world = await startTestWorld({ speed: 200 })
  await walkUntil(world, 'cluster')
}, limitMs)

afterAll(() => world?.remove(), limitMs)

async function ended(path: string, body: unknown = {}) {
  const { status, text, body: answer } = await world.rest('POST', `${at}${path}`, body)
  if (status !== 202) throw new Error(`${path} answered ${status}: ${text}`)
  return world.ended(answer.operation_id)
}

/** The lab's cluster, behind the daemon's back. */
async function kubectl(args: string[], object?: object): Promise<string> {
  const kubeconfig = join(world.dataDirectory, 'instances/home/.kube/config')
  const input = object === undefined ? undefined : JSON.stringify(object)
  const { stdout } = await execa('kubectl', ['--kubeconfig', kubeconfig, ...args], {
    env: world.toolEnvironment,
    input,
  })
  return stdout
}
const liveObject = async (args: string[]) => JSON.parse(await kubectl(['get', ...args, '-o', 'json']))

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error('it did not become so within two minutes')
    await delay(200)
  }
}

const logOf = async (id: string): Promise<string> =>
  (await world.rest('GET', `/operations/${id}`)).body.data.logs.join('\n')

/** Logs and records, and the rendered files; secrets.yaml and its history are where secrets belong. */
async function everythingWritten(): Promise<string> {
  const found = await readdir(world.dataDirectory, { recursive: true, withFileTypes: true })
  const files = found.filter((item) => item.isFile()).map((item) => join(item.parentPath, item.name))
  const readable = files.filter((path) => !/\/lab\/|secrets\.yaml|\/history\//.test(path))
  return (await Promise.all(readable.map((path) => readFile(path, 'latin1').catch(() => '')))).join('\n')
}

const service = async (name: string) => (await world.rest('GET', `${at}/services/${name}`)).body.data

describe('all services on a fresh cluster', () => {
  it(
    'are installed, core ones healthy, and what is left out is named with the way to have it',
    async () => {
      const { status, error, result } = await ended('/services/install-all')
      expect([status, error]).toEqual(['completed', undefined])
      expect(
        Object.fromEntries(result.left_out.map(({ name, reason }: Record<string, string>) => [name, reason])),
      ).toEqual({
        externaldns: expect.stringContaining('wild-cli secret set cloudflare.token'),
        nfs: expect.stringMatching(/cloud\.nfs\.host, cloud\.nfs\.mediaPath/),
        smtp: expect.stringContaining('wild-cli config set cloud.smtp.host VALUE'),
        'node-feature-discovery': expect.stringContaining('wild-cli service install node-feature-discovery'),
        'nvidia-device-plugin': expect.stringContaining('on request'),
        utils: expect.stringContaining('on request'),
      })
      const { services } = (await world.rest('GET', `${at}/services`)).body.data
      const core = services.filter(({ core: every }: { core: boolean }) => every)
      expect(core.map(({ name, status: state }: Record<string, string>) => [name, state])).toEqual(
        ['cert-manager', 'coredns', 'longhorn', 'metallb', 'traefik'].map((name) => [name, 'running']),
      )
    },
    limitMs,
  )

  it(
    'that nothing was given for are refused with everything they lack, and change nothing',
    async () => {
      for (const [name, missing] of Object.entries({
        nfs: ['cloud.nfs.host', 'cloud.nfs.mediaPath'],
        externaldns: ['cloudflare.token'],
        smtp: ['cloud.smtp.host'],
      })) {
        const { status, body } = await world.rest('POST', `${at}/services`, { name })
        const { field, missing: told } = body.error.details
        expect([name, status, field, told]).toEqual([name, 400, missing[0], missing])
        expect((await service(name)).status).toBe('not_installed')
      }
    },
    limitMs,
  )
})

describe('a service that is not installed with all', () => {
  it.runIf(deeper).each(['node-feature-discovery', 'utils', 'kubernetes-dashboard'])(
    '%s is installed when asked for and becomes ready',
    async (name) => {
      const { status, error } = await ended('/services', { name })
      expect([name, status, error]).toEqual([name, 'completed', undefined])
      expect((await service(name)).status).toBe('running')
    },
    limitMs,
  )
})

const healthOf = async (name: string) => (await world.rest('GET', `${at}/services/${name}/health`)).body.data
type Check = { name: string; status: string; message: string; remedy: string }
const checkOf = async (service: string, name: string): Promise<Check> =>
  (await healthOf(service)).checks.find((check: Check) => check.name === name)

describe('the health of services', () => {
  it(
    'is told check by check, by the API and by the CLI, and says that a local authority signs',
    async () => {
      const { services } = (await world.rest('GET', `${at}/health`)).body.data
      const wrong = services.flatMap(({ service: of, checks }: { service: string; checks: Check[] }) =>
        checks.filter(({ status }) => status === 'failing').map((check) => [of, check.name, check.message]),
      )
      expect(wrong).toEqual([])
      expect(await checkOf('cert-manager', 'Authority')).toMatchObject({
        status: 'warning',
        remedy: expect.stringContaining('wild-cli secret set cloudflare.token'),
      })
      if (!deeper) return
      const { code, output } = await wildCli(root, world, ['health'])
      expect(output).toMatch(/longhorn +Storage machines +passing/)
      expect([code, output.includes('It works, but see above.')]).toEqual([0, true])
    },
    limitMs,
  )

  it.runIf(deeper)(
    'notices that the Corefile was written anew, and installing again puts the names back around what is there now',
    async () => {
      const target = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'coredns', namespace: 'kube-system' } }
      await kubectl(['apply', '--server-side', '--force-conflicts', '--field-manager=talos', '-f', '-'], {
        ...target,
        data: { Corefile: '.:53 {\n    errors\n}\n' },
      })
      expect(await checkOf('coredns', 'Internal names in the Corefile')).toMatchObject({ status: 'failing' })
      expect((await ended('/services', { name: 'coredns' })).status).toBe('completed')
      expect(await checkOf('coredns', 'Internal names in the Corefile')).toMatchObject({ status: 'passing' })
      const { Corefile } = (await liveObject(['configmap', 'coredns', '-n', 'kube-system'])).data
      expect(Corefile).toMatch(/^\.:53 \{\n {4}errors\n\}\n# wild-central coredns: begin/)
      expect(Corefile).toMatch(/answer "\{\{ \.Name \}\} 60 IN A 127\./)
    },
    limitMs,
  )

  it.runIf(deeper)(
    'copies certificates anew once they were renewed',
    async () => {
      const copy = ['secret', 'wildcard-internal-wild-cloud-tls', '-n', 'headlamp']
      const before = (await liveObject(copy)).data['tls.crt']
      await kubectl(['delete', 'secret', 'wildcard-internal-wild-cloud-tls', '-n', 'cert-manager'])
      await until(async () => {
        const check = await checkOf('cert-manager', 'Copies of certificates')
        return check.message.startsWith('Not up to date') && check.message.includes('headlamp/')
      })
      expect((await ended('/services/copy-certificates')).status).toBe('completed')
      expect((await liveObject(copy)).data['tls.crt']).not.toBe(before)
      expect(await checkOf('cert-manager', 'Copies of certificates')).toMatchObject({ status: 'passing' })
    },
    limitMs,
  )
})

describe('the token of the dashboard', () => {
  it(
    'is made for who asks, lets in, and is in no log',
    async () => {
      const { code, output } = await wildCli(root, world, ['service', 'dashboard-token'])
      const token = /^ey\S+/m.exec(output)?.[0] ?? ''
      expect([code, token.split('.').length]).toEqual([0, 3])
      expect((await world.rest('POST', `${at}/services/kubernetes-dashboard/token`, {})).status).toBe(201)
      expect(await world.rest('POST', `${at}/services/metallb/token`, {})).toMatchObject({ status: 400 })
      expect(await world.rest('POST', `${at}/services/nobody/token`, {})).toMatchObject({ status: 404 })
      expect(await everythingWritten()).not.toContain(token)
    },
    limitMs,
  )
})

describe('a service that cannot be had', () => {
  it(
    'says that nobody answers at the storage machine, before anything is applied',
    async () => {
      await world.rest('PUT', `${at}/config`, { path: 'cloud.nfs.host', value: '127.0.0.1' })
      await world.rest('PUT', `${at}/config`, { path: 'cloud.nfs.mediaPath', value: '/srv/media' })
      const { status, error } = await ended('/services', { name: 'nfs' })
      expect([status, error.message]).toEqual([
        'failed',
        expect.stringMatching(/No NFS server answers at 127\.0\.0\.1/),
      ])
      expect((await service('nfs')).status).not.toBe('running')
    },
    limitMs,
  )

  it.runIf(deeper)(
    'says that Cloudflare refuses the token, and goes on once it is right',
    async () => {
      const canary = 'refused-canary-of-a-token'
      await world.rest('PUT', `${at}/secrets`, { path: 'cloudflare.token', value: canary })
      const id = (await world.rest('POST', `${at}/services`, { name: 'cert-manager' })).body.operation_id
      await until(async () => (await logOf(id)).includes('Cloudflare refuses the token'))
      await world.rest('POST', `/operations/${id}/cancel`, {})
      await world.ended(id)
      expect(await checkOf('cert-manager', 'Certificates')).toMatchObject({
        message: expect.stringContaining('Cloudflare refuses the token'),
      })
      await world.rest('PUT', `${at}/secrets`, { path: 'cloudflare.token', value: 'a-good-token-of-cloudflare' })
      expect((await ended('/services', { name: 'externaldns' })).status).toBe('completed')
      expect(await everythingWritten()).not.toContain(canary)
    },
    limitMs,
  )

  it.runIf(deeper)(
    'says that no machine has a graphics card',
    async () => {
      const id = (await world.rest('POST', `${at}/services`, { name: 'nvidia-device-plugin' })).body.operation_id
      await until(async () => (await logOf(id)).includes('no machine may run it'))
      await world.rest('POST', `/operations/${id}/cancel`, {})
      await world.ended(id)
    },
    limitMs,
  )
})
