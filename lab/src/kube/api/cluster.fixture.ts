import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { createLabClock, type LabClock } from '../../lab-clock.ts'
import { createCa, issueCertificate, type KeyPair, toBase64 } from '../../pki/index.ts'
import { openSqliteStore } from '../../sqlite-store.ts'
import type { ClusterView } from '../cluster-view.ts'
import { type ClusterApi, startClusterApi } from './index.ts'

/** What a test sees of one call of the stand-in kubectl. */
export interface Ran {
  code: number
  out: string
  err: string
}

export interface Answer {
  code: number
  headers: NodeJS.Dict<string | string[]>
  // biome-ignore lint/suspicious/noExplicitAny: answers are JSON of any shape
  body: any
}

export interface Call {
  method?: string
  type?: string
  body?: unknown
  headers?: Record<string, string>
  /** Another identity, or null for none. */
  as?: KeyPair | null
}

/** An address in a /24 of 127.78–127.127 that belongs to this test process alone. */
export const testAddress = (last: number): string =>
  `127.${78 + (process.pid % 50)}.${Math.floor(process.pid / 50) % 250}.${last}`

/** One JSON document, or text as it is (health, logs, the lines of a watch). */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** A cluster's API on a loopback address, a kubeconfig for it, and ways to call it with and without kubectl. */
export async function startTestCluster(host = testAddress(90)) {
  const directory = mkdtempSync(join(tmpdir(), 'wild-kube-'))
  const store = openSqliteStore(join(directory, 'lab.db'))
  const running = createLabClock(100)
  let held: (() => void)[] | undefined
  const clock: LabClock = {
    ...running,
    at: (moment, work) => running.at(moment, () => (held === undefined ? work() : held.push(work))),
  }
  const ca = await createCa({ organization: 'kubernetes', algorithm: 'p256' })
  const admin = await clientOf(ca, 'admin', 'system:masters')
  const view: ClusterView = {
    id: 'test',
    name: 'test',
    vip: host,
    apiUp: true,
    ca,
    kubernetesVersion: '1.34.1',
    nodes: [],
  }
  const tls = await issueCertificate({ ca, sans: [host], days: 1, usages: ['server'], algorithm: 'p256' })
  const volumes = join(directory, 'volumes')
  const start = (): Promise<ClusterApi> =>
    startClusterApi({ cluster: () => view, store, clock, host, port: 0, tls, volumes, containerBin: '' })
  let api = await start()
  const kubeconfig = join(directory, 'kubeconfig')
  writeFileSync(kubeconfig, kubeconfigText(`https://${host}:${api.port}`, ca.crt, admin), { mode: 0o600 })

  const call = (
    path: string,
    { method = 'GET', type = 'application/json', body, headers = {}, as = admin }: Call = {},
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const going = request(
        {
          host,
          port: api.port,
          path,
          method,
          ca: ca.crt,
          cert: as?.crt,
          key: as?.key,
          agent: false,
          headers: { ...(body !== undefined && { 'content-type': type }), ...headers },
        },
        (response) => {
          let text = ''
          response.on('data', (part) => {
            text += part
          })
          response.on('end', () =>
            resolve({ code: response.statusCode ?? 0, headers: response.headers, body: parsed(text) }),
          )
        },
      )
      going.on('error', reject)
      going.end(typeof body === 'string' ? body : JSON.stringify(body))
    })

  return {
    host,
    directory,
    kubeconfig,
    ca,
    view,
    call,
    get api() {
      return api
    },
    /** Nothing that takes lab time happens between these two. */
    holdTime: () => {
      held = []
    },
    releaseTime: () => {
      const waiting = held ?? []
      held = undefined
      for (const work of waiting) work()
    },
    /** Kills the API server and starts another one on what is stored. */
    restart: async () => {
      await api.close()
      api = await start()
      writeFileSync(kubeconfig, kubeconfigText(`https://${host}:${api.port}`, ca.crt, admin), { mode: 0o600 })
    },
    apply: (
      object: { apiVersion: string; kind: string; metadata: { name: string; namespace?: string } },
      query = 'fieldManager=test&force=true',
    ) =>
      call(`${objectPath(object)}?${query}`, { method: 'PATCH', type: 'application/apply-patch+yaml', body: object }),
    close: async () => {
      await api.close()
      store.close()
      rmSync(directory, { recursive: true })
    },
  }
}

export type TestCluster = Awaited<ReturnType<typeof startTestCluster>>

const plurals: Record<string, string> = {
  NetworkPolicy: 'networkpolicies',
  Ingress: 'ingresses',
  StorageClass: 'storageclasses',
}

/** Where an object lives; objects without a namespace in the manifest are cluster-scoped here. */
export function objectPath({
  apiVersion,
  kind,
  metadata,
}: {
  apiVersion: string
  kind: string
  metadata: { name: string; namespace?: string }
}): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`
  const where = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`
  return `${root}${where}/${plurals[kind] ?? `${kind.toLowerCase()}s`}/${metadata.name}`
}

/** A client certificate. */
export const clientOf = (ca: KeyPair, commonName: string, organization: string): Promise<KeyPair> =>
  issueCertificate({ ca, commonName, organization, sans: [], days: 1, usages: ['client'], algorithm: 'p256' })

/** A kubeconfig as talosctl writes it. */
export function kubeconfigText(server: string, ca: string, { crt, key }: KeyPair): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': toBase64(ca) } }],
    users: [
      { name: 'admin@test', user: { 'client-certificate-data': toBase64(crt), 'client-key-data': toBase64(key) } },
    ],
    contexts: [{ name: 'admin@test', context: { cluster: 'test', namespace: 'default', user: 'admin@test' } }],
    'current-context': 'admin@test',
  })
}

/** Bundles the stand-in, so that tests run it as the process it is; returns the file. */
export async function bundleKubectl(directory: string): Promise<string> {
  const outfile = join(directory, 'kubectl.mjs')
  const banner = { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" }
  await build({
    entryPoints: [join(import.meta.dirname, '../../kubectl/main.ts')],
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner,
    outfile,
    logLevel: 'error',
  })
  return outfile
}

/** Runs the bundled stand-in as a process of its own. */
export const runKubectl = (file: string, args: string[], stdin = '', env: NodeJS.ProcessEnv = {}): Promise<Ran> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [file, ...args],
      { env: { PATH: process.env.PATH, ...env } },
      (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), out, err })
      },
    )
    child.stdin?.end(stdin)
  })

/** A Deployment `web` in the namespace default; `more` goes into its container. */
export const deployment = (image = 'nginx:1.27', more: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image, ports: [{ containerPort: 80 }], ...more }] },
    },
  },
})
