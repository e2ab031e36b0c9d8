import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import type { Clock } from '../../../platform/clock.ts'
import type { KubeObject } from '../../../tools/kubectl.ts'
import { fakeCluster } from '../../objects/testing/fake-cluster.ts'
import { aHousehold } from '../testing/a-household.ts'
import { copyCertificates } from './operation.ts'
import { keepCopiesFresh } from './watch.ts'

const name = 'wildcard-wild-cloud-tls'
const quarter = 15 * 60_000
const certificate = (key: string, namespace = 'cert-manager'): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'kubernetes.io/tls',
  metadata: { name, namespace },
  data: { 'tls.crt': 'Y3J0', 'tls.key': key },
})
const ingress: KubeObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'shop', namespace: 'shop' },
  spec: { tls: [{ secretName: name }] },
}

/** A clock whose sleeps end when the test says so. */
function clockByHand() {
  const sleeping: { ms: number; wake(): void }[] = []
  const clock: Clock = {
    now: () => 0,
    sleep: (ms) => new Promise((resolve) => sleeping.push({ ms, wake: resolve })),
  }
  const sleeper = () => expect.poll(() => sleeping.length, { timeout: 120_000 }).toBe(1)
  return {
    clock,
    /** Waits until the watch sleeps; for how long. */
    asleep: async () => {
      await sleeper()
      return sleeping[0]!.ms
    },
    /** Lets the sleep end, and waits until the next one. */
    async pass() {
      await sleeper()
      sleeping.shift()!.wake()
      await sleeper()
    },
  }
}

/** The watch over an instance whose cluster runs the shop, with a certificate that was copied already. */
function watched(options: { bootstrapped?: boolean } = {}) {
  const cluster = fakeCluster([certificate('b2xk'), ingress, certificate('b2xk', 'shop')])
  // The fake lists one namespace at a time; there is one ingress.
  const run: typeof cluster.run = async (call) =>
    call.args.includes('ingress')
      ? { stdout: JSON.stringify({ kind: 'List', items: [ingress] }), stderr: '', exitCode: 0 }
      : cluster.run(call)
  const home = aHousehold(run)
  if (options.bootstrapped ?? true) home.place(home.places.kubeconfig, 'apiVersion: v1\n')
  home.operations.define(copyCertificates(home.deps))
  const time = clockByHand()
  const stopping = new AbortController()
  const instances = { ...home.deps.instances, list: async () => [{ name: 'home' }] } as typeof home.deps.instances
  const log = pino({ level: 'silent' })
  const deps = { ...home.deps, instances, clock: time.clock, log, hide: () => undefined }
  void keepCopiesFresh(deps, stopping.signal)
  undo.push(async () => {
    stopping.abort()
    await home.operations.stop(60_000)
    home.close()
  })
  const started = () => home.operations.journal.list({}).map(({ type, via, target }) => ({ type, via, target }))
  return { cluster, time, started }
}

const undo: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const one of undo.splice(0)) await one()
})

describe('the watch over copies of certificates', () => {
  it('starts an operation at the first quarter of an hour after a renewal, and none before', async () => {
    const { cluster, time, started } = watched()
    expect(await time.asleep()).toBe(quarter)
    await time.pass()
    expect(started()).toEqual([])
    cluster.put(certificate('bmV3'))
    expect(started()).toEqual([])
    await time.pass()
    expect(started()).toMatchObject([{ type: 'service.copy-certificates', via: 'daemon' }])
  })

  it('goes on looking when a cluster does not answer, and leaves one alone that is not there', async () => {
    const { cluster, time, started } = watched()
    cluster.put(certificate('bmV3'))
    cluster.failures.get = [new Error('no route to host') as never]
    await time.pass()
    expect(started()).toEqual([])
    await time.pass()
    expect(started()).toHaveLength(1)
    const alone = watched({ bootstrapped: false })
    alone.cluster.put(certificate('bmV3'))
    await alone.time.pass()
    expect(alone.started()).toEqual([])
  })
})
