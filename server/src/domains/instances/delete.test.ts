import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { pino } from 'pino'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { schema } from '../../doors/graphql/schema.ts'
import { createApp } from '../../doors/http/app.ts'
import { createGuard } from '../../doors/http/guard.ts'
import { routes } from '../../doors/rest/routes.ts'
import { systemClock } from '../../platform/clock.ts'
import { createMasker } from '../../platform/masking.ts'
import { createPaths } from '../../platform/paths.ts'
import type { Services } from '../../platform/schema-builder.ts'
import { readSettings } from '../../platform/settings.ts'
import { createYamlFile } from '../../platform/yaml-file.ts'
import { unnoticed } from '../../testing/doors.ts'
import type { ClusterState } from './model.ts'
import { createInstancesService } from './service.ts'
import { createInstanceStore } from './store.ts'

const data = mkdtempSync(join(tmpdir(), 'wild-delete-'))
const paths = createPaths(data)
let cluster: ClusterState
let holders: string[]

const settings = readSettings({ WILD_CENTRAL_DATA: data, WILD_LAN: '127.61.0.0/24', WILD_GATEWAY: '127.61.0.1' }, data)
const instances = createInstancesService({
  store: createInstanceStore(paths, createYamlFile(paths.central, 'central.yaml')),
  paths,
  settings,
  clock: systemClock,
  holders: () => holders,
  tree: async () => ({}),
  facts: {
    nodeCount: async () => 0,
    serviceCount: async () => 0,
    appCount: async () => 0,
    cluster: async () => cluster,
  },
  phaseFacts: async () => ({}) as never,
  catalogApps: async () => [],
  forget: () => undefined,
  hideSecrets: async () => undefined,
})
const doors = {
  schema,
  routes,
  masker: createMasker(),
  guard: createGuard(settings),
  access: { check: async () => undefined },
  version: '0',
  ...unnoticed,
}
const services = { instances } as Services
const server = createServer(
  getRequestListener(createApp({ ...doors, services, log: pino({ level: 'silent' }), webFolder: data }).fetch),
)

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  await instances.create({ name: 'home' })
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(data, { recursive: true })
})
beforeEach(() => {
  cluster = 'not_bootstrapped'
  holders = []
})

async function deleteHome(query = '') {
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/instances/home${query}`, { method: 'DELETE' })
  return { status: response.status, body: await response.json() }
}

async function expectUntouched(): Promise<void> {
  expect(existsSync(paths.instance('home').config)).toBe(true)
  expect(existsSync(paths.trash)).toBe(false)
  expect(await instances.context()).toBe('home')
}

describe('deleting an instance', () => {
  it.each([[''], ['?force=true']])('is refused while an operation runs on it, naming it (%s)', async (query) => {
    holders = ['op_bootstrap_k3x9f2ab']
    const { status, body } = await deleteHome(query)
    expect([status, body.error.code, body.error.details]).toEqual([
      409,
      'OPERATION_IN_PROGRESS',
      { operation_id: 'op_bootstrap_k3x9f2ab' },
    ])
    await expectUntouched()
  })

  it.each(['ready', 'degraded', 'bootstrapping'] as const)(
    'is refused while its cluster is %s, saying how to go on',
    async (state) => {
      cluster = state
      const { status, body } = await deleteHome()
      expect([status, body.error.code, body.error.details]).toEqual([
        409,
        'CONFLICT',
        { cluster: state, hint: 'wild-cli instance delete home --force' },
      ])
      await expectUntouched()
    },
  )

  it('is done with force while its cluster is alive: it goes to the trash and is the context no more', async () => {
    cluster = 'ready'
    expect((await deleteHome('?force=true')).status).toBe(200)
    expect(readdirSync(paths.trash)).toEqual([expect.stringMatching(/^home-\d{4}-/)])
    expect(await instances.context()).toBeUndefined()
  })
})
