import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LabClock } from '../../lab-clock.ts'
import type { LabStore } from '../../store.ts'
import type { ClusterView, NodeView } from '../cluster-view.ts'
import { createObjectStore } from '../object-store.ts'
import type { KubeObject, ObjectStore } from '../objects.ts'
import { type Controllers, startControllers } from './index.ts'

/** A lab clock that stands still until it is moved. */
export function manualClock(): LabClock & { advance(ms: number): void } {
  let now = Date.parse('2026-01-01T00:00:00Z')
  const timers = new Set<{ at: number; work: () => void }>()
  return {
    speed: 1,
    now: () => now,
    due: (labMs) => now + labMs,
    at: (at, work) => {
      const timer = { at, work }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    advance: (ms) => {
      now += ms
      for (const timer of [...timers].filter(({ at }) => at <= now)) {
        timers.delete(timer)
        timer.work()
      }
    },
  }
}

/** A lab store in memory. */
export function memoryStore(): LabStore {
  const collections = new Map<string, Map<string, string>>()
  const of = (name: string): Map<string, string> => {
    const known = collections.get(name) ?? new Map<string, string>()
    collections.set(name, known)
    return known
  }
  return {
    get: (collection, key) => {
      const text = of(collection).get(key)
      return text === undefined ? undefined : JSON.parse(text)
    },
    list: (collection, prefix = '') =>
      [...of(collection)]
        .filter(([key]) => key.startsWith(prefix))
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([key, text]) => ({ key, value: JSON.parse(text) })),
    put: (collection, key, value) => {
      of(collection).set(key, JSON.stringify(value))
    },
    delete: (collection, key) => {
      of(collection).delete(key)
    },
    transaction: (work) => work(),
    close: () => {},
  }
}

/** A worker with everything Longhorn needs, unless told otherwise. */
export const testNode = (name: string, more: Partial<NodeView> = {}): NodeView => ({
  name,
  ip: `127.77.0.${100 + Number(name.at(-1))}`,
  role: 'worker',
  registered: true,
  ready: true,
  talosVersion: 'v1.11.5',
  kubernetesVersion: 'v1.34.1',
  labels: {},
  taints: [],
  hasLonghornMount: true,
  extensions: ['siderolabs/iscsi-tools', 'siderolabs/util-linux-tools'],
  diskBytes: 100 * 2 ** 30,
  ...more,
})

export interface TestCluster {
  objects: ObjectStore
  clock: ReturnType<typeof manualClock>
  view: ClusterView
  store: LabStore
  labDirectory: string
  /** Creates objects as the API would have admitted them. */
  add(...objects: KubeObject[]): void
  /** Lets lab time pass, second by second, until `until` holds; throws after `seconds`. */
  pass(seconds: number, until?: () => boolean): Promise<void>
  settled(): Promise<void>
  events(reason: string): string[]
  /** Kills the controllers, and starts them from what is stored. */
  restart(): Promise<void>
  close(): Promise<void>
}

const plain = (kind: string, name: string, more: object = {}, apiVersion = 'v1'): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name },
  ...more,
})

/** A cluster of these nodes with running controllers and a clock to move by hand; controllers that fail make `pass` fail. */
export async function startTestCluster(
  nodes: NodeView[] = [testNode('worker-1'), testNode('worker-2')],
): Promise<TestCluster> {
  const clock = manualClock()
  const store = memoryStore()
  const labDirectory = mkdtempSync(join(tmpdir(), 'lab-'))
  const ca = { crt: 'test', key: 'test' }
  const view: ClusterView = {
    id: 'c1',
    name: 'home',
    vip: '127.77.0.90',
    apiUp: true,
    ca,
    kubernetesVersion: 'v1.34.1',
    nodes,
  }
  const problems: string[] = []
  let objects = createObjectStore(store, view.id)
  for (const name of ['default', 'kube-system']) objects.create(plain('Namespace', name))
  let viewChanged = (): void => {}
  const start = (): Controllers =>
    startControllers({
      cluster: () => view,
      objects,
      store,
      clock,
      labDirectory,
      debounceMs: 0,
      log: (line) => problems.push(line),
      onClusterChange: (listener) => {
        viewChanged = listener
        return () => {}
      },
    })
  let controllers = start()

  const settled = async (): Promise<void> => {
    viewChanged()
    await controllers.settled()
    if (problems.length > 0) throw new Error(problems.join('\n'))
  }
  await settled()
  return {
    get objects() {
      return objects
    },
    clock,
    view,
    store,
    labDirectory,
    settled,
    add: (...added) => {
      for (const object of added) objects.create(object)
    },
    pass: async (seconds, until) => {
      for (let second = 0; second <= seconds; second += 1) {
        await settled()
        if (until?.()) return
        clock.advance(1000)
      }
      await settled()
      if (until !== undefined && !until()) throw new Error(`not so after ${seconds} s of lab time: ${until}`)
    },
    events: (reason) =>
      objects.list('Event').flatMap((event) => (event.reason === reason ? [event.message as string] : [])),
    restart: async () => {
      await controllers.close()
      objects = createObjectStore(store, view.id)
      controllers = start()
      await settled()
    },
    close: async () => {
      await controllers.close()
      rmSync(labDirectory, { recursive: true, force: true })
    },
  }
}

/** A Deployment of one container in `default`. */
export function deployment(name: string, podSpec: object = {}, spec: object = {}, namespace = 'default'): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name, image: `${name}:1.0` }], ...podSpec },
      },
      ...spec,
    },
  }
}

/** A Service for the pods labelled `app: name`. */
export function service(name: string, port: number, more: object = {}, namespace = 'default'): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.3.1',
      selector: { app: name },
      ports: [{ port, targetPort: port }],
      ...more,
    },
  }
}
