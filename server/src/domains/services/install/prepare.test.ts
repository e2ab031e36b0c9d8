import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Entry, ServiceManifest } from '../../catalog/index.ts'
import { aContext, runSteps } from '../../nodes/testing/run-steps.ts'
import { aHousehold } from '../testing/a-household.ts'
import { prepareService } from './prepare.ts'
import { createServiceWorld } from './world.ts'

describe('preparing a service', () => {
  let home: ReturnType<typeof aHousehold>
  let server: Server
  let asked: string[]
  let entry: Entry<ServiceManifest>
  const step = (fetch = false) => prepareService(createServiceWorld(home.deps, 'home', entry, fetch))
  const world = () => aContext(() => Promise.reject(new Error('no program is run here')))
  const at = (path: string) => join(home.places.service('pool'), path)
  const template = (text: string) => home.place(join(entry.folder, 'kustomize.template/installation/pool.yaml'), text)

  beforeEach(async () => {
    home = aHousehold()
    asked = []
    server = createServer((request, response) => {
      asked.push(request.url!)
      response.end('kind: Release\n')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/release.yaml`
    const apply = { title: 'x', upstream: [], ready: [] }
    entry = {
      folder: join(home.folder, 'catalog/pool'),
      local: false,
      manifest: {
        name: 'pool',
        title: 'Pool',
        requiresConfig: ['cluster.pool'],
        config: {
          'cluster.pool': { type: 'string', title: 'Pool', default: '10.0.0.{{ add 79 1 }}' },
          'cluster.first': { type: 'string', title: 'First', default: '{{ .cluster.pool }}' },
        },
        secrets: [],
        upstream: [
          { name: 'release', url },
          { name: 'unused', url: `${url}.unused` },
        ],
        apply: [
          { ...apply, kustomize: 'installation', upstream: ['release'] },
          { ...apply, kustomize: 'special', upstream: ['unused'], whenSecret: 'some.token' },
        ],
      } as unknown as ServiceManifest,
    }
    template('pool: {{ .cluster.pool }} {{ .cluster.first }}\n')
  })
  afterEach(async () => {
    server.close()
    home.close()
  })

  it('fills in defaults that refer to each other, downloads what counts and renders; then it is done', async () => {
    expect(await runSteps([step()], world().context)).toEqual({ 'Preparing Pool': 'done' })
    expect(readFileSync(at('kustomize/installation/pool.yaml'), 'utf8')).toBe('pool: 10.0.0.80 10.0.0.80\n')
    expect(readFileSync(at('kustomize/installation/upstream/release.yaml'), 'utf8')).toBe('kind: Release\n')
    expect(asked).toEqual(['/release.yaml'])
    expect(await runSteps([step()], world().context)).toEqual({ 'Preparing Pool': 'skipped' })
  })

  it('never downloads while it only looks', async () => {
    const { context } = world()
    expect(await step().done!(context)).toBe(false)
    await home.deps.config.set('home', [{ path: 'cluster', value: { pool: 'a', first: 'b' } }], {
      via: 'x',
      reason: '',
    })
    expect(await step().done!(context)).toBe(false)
    expect(await step().plan!(context)).toContainEqual(expect.objectContaining({ kind: 'note' }))
    expect(asked).toEqual([])
  })

  it('renders again when the configuration changes, and keeps what was edited', async () => {
    await runSteps([step()], world().context)
    await home.deps.config.set('home', [{ path: 'cluster.pool', value: 'other' }], { via: 'x', reason: '' })
    await runSteps([step()], world().context)
    expect(readFileSync(at('kustomize/installation/pool.yaml'), 'utf8')).toBe('pool: other 10.0.0.80\n')
    writeFileSync(at('kustomize/installation/pool.yaml'), 'mine')
    expect(await step().done!(world().context)).toBe('keeping your edited kustomize/installation/pool.yaml')
  })

  it('lists everything that is missing at once', async () => {
    entry.manifest.requiresConfig.push('operator.email')
    entry.manifest.config['cluster.zone'] = { type: 'string', title: 'Zone' }
    entry.manifest.secrets.push({
      name: 's',
      namespace: 'n',
      keys: { k: 'some.token' },
      kind: 'supplied',
      optional: false,
    })
    await expect(async () => step().needs!(world().context)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      details: { missing: ['operator.email', 'cluster.zone', 'some.token'] },
    })
  })

  it('makes generated secrets itself', async () => {
    entry.manifest.secrets.push({
      name: 's',
      namespace: 'n',
      keys: { k: 'pool.key' },
      kind: 'generated',
      optional: false,
    })
    await runSteps([step()], world().context)
    expect(await home.deps.secrets.value('home', 'pool.key')).toHaveLength(32)
  })

  it('fetches templates into the instance, brings them up to date and never overwrites an edit', async () => {
    const own = 'kustomize.template/installation/pool.yaml'
    await runSteps([step(true)], world().context)
    expect(await runSteps([step(true)], world().context)).toEqual({ 'Preparing Pool': 'skipped' })
    template('newer: {{ .cluster.pool }}\n')
    await runSteps([step(true)], world().context)
    expect(readFileSync(at(own), 'utf8')).toBe('newer: {{ .cluster.pool }}\n')
    writeFileSync(at(own), 'mine: {{ .cluster.pool }}\n')
    template('newest: 1\n')
    await runSteps([step(true)], world().context)
    expect(readFileSync(at('kustomize/installation/pool.yaml'), 'utf8')).toBe('mine: 10.0.0.80\n')
  })
})
