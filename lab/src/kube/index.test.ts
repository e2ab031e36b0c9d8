import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createLabClock } from '../lab-clock.ts'
import { createCa } from '../pki/index.ts'
import { openSqliteStore } from '../sqlite-store.ts'
import { testAddress } from './api/cluster.fixture.ts'
import type { ClusterView } from './cluster-view.ts'
import { startKube } from './index.ts'

/** The status of GET /readyz without a certificate, or the code of the connection error. */
const readyz = (host: string, ca: string): Promise<number | string> =>
  new Promise((resolve) => {
    const going = request({ host, port: 6443, path: '/readyz', ca, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    going.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    going.end()
  })

/** Asks until the answer is the one that is waited for. */
async function until(host: string, ca: string, wanted: number | string): Promise<void> {
  while ((await readyz(host, ca)) !== wanted) await new Promise((resolve) => setImmediate(resolve))
}

it('serves on the VIP exactly while the API of a cluster is up, with a certificate of its authority', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'wild-kube-'))
  const store = openSqliteStore(join(directory, 'lab.db'))
  const ca = await createCa({ organization: 'kubernetes', algorithm: 'p256' })
  const vip = testAddress(95)
  let view: ClusterView = { id: 'c', name: 'c', vip, apiUp: false, ca, kubernetesVersion: '1.34.1', nodes: [] }
  const listeners = new Set<() => void>()
  const set = (apiUp: boolean): void => {
    view = { ...view, apiUp }
    for (const listener of listeners) listener()
  }
  let broken = false
  const kube = startKube({
    clusters: {
      list: () => [view],
      onChange: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    store,
    clock: createLabClock(100),
    labDirectory: directory,
    unavailable: () => broken,
  })
  onTestFinished(async () => {
    await kube.close()
    store.close()
    rmSync(directory, { recursive: true })
  })
  expect(await readyz(vip, ca.crt)).toBe('ECONNREFUSED')
  set(true)
  await until(vip, ca.crt, 401)
  broken = true
  expect(await readyz(vip, ca.crt)).toBe(503)
  broken = false
  set(false)
  await until(vip, ca.crt, 'ECONNREFUSED')
  set(true)
  await until(vip, ca.crt, 401)
})
