import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { temporaryFolder } from '../../world.ts'
import { foundations, refusals } from '../suites/api-server.ts'
import { fakeNode, type PartName, parts } from './arguments.ts'
import { movesFor } from './hands.ts'
import { type Rig, startRig } from './rig.ts'

let folder: ReturnType<typeof temporaryFolder>
let rig: Rig | undefined
beforeEach(() => {
  folder = temporaryFolder('rig')
  mkdirSync(join(folder.path, 'bin'))
})
afterEach(async () => {
  await rig?.stop()
  rig = undefined
  folder.remove()
})

const notes = (): string[] =>
  existsSync(join(folder.path, 'notes')) ? readFileSync(join(folder.path, 'notes'), 'utf8').trim().split('\n') : []

/** Programs with the names of the parts; each notes its start. The API says 503 a few times before it is ready. */
function programs(scripts: Partial<Record<PartName, string>> = {}): Map<string, string> {
  const stay = 'setInterval(() => {}, 1000)'
  const serve = `
const flag = (name) => process.argv.find((arg) => arg.startsWith('--' + name + '=')).split('=')[1]
let asked = 0
require('node:https').createServer(
  { cert: fs.readFileSync(flag('tls-cert-file')), key: fs.readFileSync(flag('tls-private-key-file')), ca: fs.readFileSync(flag('client-ca-file')), requestCert: true },
  (request, response) => { response.statusCode = request.url === '/readyz' && ++asked > 2 ? 200 : 503; response.end() },
).listen(Number(flag('secure-port')), '127.0.0.1')`
  return new Map(
    parts.map(({ name }) => {
      const path = join(folder.path, 'bin', name)
      const body = scripts[name] ?? (name === 'kube-apiserver' ? serve : stay)
      writeFileSync(
        path,
        `#!${process.execPath}\nconst fs = require('node:fs')\nfs.appendFileSync(${JSON.stringify(join(folder.path, 'notes'))}, '${name}\\n')\n${body}\n`,
        { mode: 0o755 },
      )
      return [name, path]
    }),
  )
}

describe('the rig', { timeout: 120_000 }, () => {
  it('starts the parts in order, the later ones when the API is ready, and ends them all', async () => {
    rig = await startRig(programs())
    await vi.waitFor(() => expect(notes()).toHaveLength(parts.length), { timeout: 120_000 })
    expect(notes().slice(0, 2).sort()).toEqual(['etcd', 'kube-apiserver'])
    expect(notes().sort()).toEqual(parts.map(({ name }) => String(name)).sort())
    const { folder: place } = rig.places
    expect(readFileSync(rig.kubeconfig, 'utf8')).toContain(`https://127.0.0.1:${rig.places.ports.api}`)
    await rig.stop()
    rig = undefined
    expect(existsSync(place)).toBe(false)
  })

  it('starts only the parts that are named, and restarts the API', async () => {
    rig = await startRig(programs(), ['etcd', 'kube-apiserver'])
    await rig.restartApi(10)
    expect(notes().sort()).toEqual(['etcd', 'kube-apiserver', 'kube-apiserver'])
  })

  it('tells the last words of a part that ends by itself, and leaves nothing running', async () => {
    const all = programs({ 'kube-apiserver': "console.error('unknown flag: --etcd-prefix'); process.exit(2)" })
    await expect(startRig(all)).rejects.toThrow('kube-apiserver ended with 2: unknown flag: --etcd-prefix')
  })

  it('gives up on an API that is never ready', async () => {
    const never = programs({ 'kube-apiserver': 'setInterval(() => {}, 1000)' })
    await expect(startRig(never, ['etcd', 'kube-apiserver'], 500)).rejects.toThrow(
      'the API server was not ready within 0.5 s',
    )
  })
})

describe('arguments', () => {
  it('keep every part on loopback', () => {
    const places = { folder: '/rig', ports: { etcd: 1001, peers: 1002, api: 1003, controllers: 1004, scheduler: 1005 } }
    const all = parts.flatMap((part) => part.arguments(places))
    for (const arg of all.filter((one) => /(urls|address|node-ip|servers)=/.test(one)))
      expect(arg).toContain('127.0.0.1')
    expect(all).toContain('--service-account-issuer=https://kubernetes.default.svc.cluster.local')
    expect(fakeNode('node-1').metadata.annotations['kwok.x-k8s.io/node']).toBe('fake')
  })
})

describe('hands', () => {
  it('give addresses, volumes, certificates and quiet webhooks, once', () => {
    const service = {
      kind: 'Service',
      metadata: { name: 'traefik', namespace: 'traefik' },
      spec: { type: 'LoadBalancer' },
      status: {},
    }
    const claim = {
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'ghost', uid: 'u1' },
      spec: {
        resources: { requests: { storage: '1Gi' } },
        accessModes: ['ReadWriteOnce'],
        storageClassName: 'longhorn',
      },
      status: { phase: 'Pending' },
    }
    const certificate = { kind: 'Certificate', metadata: { name: 'wildcard', namespace: 'cert-manager' }, status: {} }
    const webhook = {
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'w' },
      webhooks: [{ name: 'a', failurePolicy: 'Fail' }],
    }
    const { moves, volumes } = movesFor([service, claim, certificate, webhook])
    expect(moves.map(({ kind, status }) => [kind, status])).toEqual([
      ['Service', true],
      ['Certificate', true],
      ['ValidatingWebhookConfiguration', false],
    ])
    expect(volumes).toMatchObject([
      { spec: { claimRef: { name: 'data', namespace: 'ghost' }, storageClassName: 'longhorn' } },
    ])
    const done = [
      { ...service, status: { loadBalancer: { ingress: [{ ip: '10.0.0.80' }] } } },
      { ...claim, status: { phase: 'Bound' } },
      { ...certificate, ...moves[1]!.patch },
      { ...webhook, ...moves[2]!.patch },
    ]
    expect(movesFor(done)).toEqual({ moves: [], volumes: [] })
  })
})

describe('strict validation', () => {
  it('makes kinds and namespaces before it judges the rest', () => {
    const objects = [
      { kind: 'CustomResourceDefinition', metadata: { name: 'a' } },
      { kind: 'CustomResourceDefinition', metadata: { name: 'a' } },
      { kind: 'Deployment', metadata: { name: 'x', namespace: 'ghost' } },
      { kind: 'ConfigMap', metadata: { name: 'x', namespace: 'kube-system' } },
    ]
    const { kinds, namespaces } = foundations(objects)
    expect(kinds).toHaveLength(1)
    expect(namespaces.map(({ metadata }) => metadata.name)).toEqual(['ghost'])
  })

  it('shows what was refused, not what was taken', () => {
    expect(
      refusals(
        'deployment.apps/x serverside-applied\nError from server: strict decoding error: unknown field "spec.bogus"\n',
      ),
    ).toBe('Error from server: strict decoding error: unknown field "spec.bogus"')
  })
})
