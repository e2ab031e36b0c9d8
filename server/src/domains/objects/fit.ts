import type { KubeObject } from '../../tools/kubectl.ts'
import { bytesText, coresText, quantity } from './quantity.ts'

/** What pods ask for before a machine takes them: cores and bytes. */
export interface Room {
  cpu: number
  memory: number
}

interface Container {
  resources?: { requests?: Record<string, unknown> }
}

interface PodSpec {
  containers?: Container[]
  initContainers?: Container[]
  tolerations?: { key?: string; operator?: string; value?: string; effect?: string }[]
  nodeSelector?: Record<string, string>
}

/** What one pod asks for: its containers together, or the largest of those that run before. */
export function requested({ containers = [], initContainers = [] }: PodSpec): Room {
  const of = (name: string) => (container: Container) => quantity(container.resources?.requests?.[name])
  const most = (name: string) =>
    Math.max(
      containers.map(of(name)).reduce((sum, value) => sum + value, 0),
      ...initContainers.map(of(name)),
    )
  return { cpu: most('cpu'), memory: most('memory') }
}

/** A machine of the cluster and what is left of it. */
interface Machine {
  node: KubeObject
  free: Room
}

const ended = (pod: KubeObject) => ['Succeeded', 'Failed'].includes(pod.status?.phase)

function machinesOf(nodes: KubeObject[], pods: KubeObject[]): Machine[] {
  return nodes.map((node) => {
    const { cpu, memory } = node.status?.allocatable ?? {}
    const free = { cpu: quantity(cpu), memory: quantity(memory) }
    for (const pod of pods.filter((one) => one.spec?.nodeName === node.metadata.name && !ended(one))) {
      const used = requested(pod.spec)
      free.cpu -= used.cpu
      free.memory -= used.memory
    }
    return { node, free }
  })
}

/** May the pod go there at all? Cordoned machines, taints and node selectors count. */
function mayUse({ node }: Machine, { tolerations = [], nodeSelector = {} }: PodSpec): boolean {
  if (node.spec?.unschedulable) return false
  const labels = node.metadata.labels ?? {}
  if (Object.entries(nodeSelector).some(([key, value]) => labels[key] !== value)) return false
  const taints = (node.spec?.taints ?? []) as { key: string; value?: string; effect: string }[]
  return taints
    .filter(({ effect }) => effect !== 'PreferNoSchedule')
    .every((taint) =>
      tolerations.some(
        ({ key, operator, value, effect }) =>
          (!effect || effect === taint.effect) &&
          (operator === 'Exists' ? !key || key === taint.key : key === taint.key && value === taint.value),
      ),
    )
}

/**
 * Is there room for these workloads, put one pod after the other on the machine with the most memory left? `pods` are all
 * pods of the cluster but those that these replace. Undefined when there is, else why not, for people.
 */
export function lackOfRoom(nodes: KubeObject[], pods: KubeObject[], wanted: KubeObject[]): string | undefined {
  const machines = machinesOf(nodes, pods)
  for (const workload of wanted) {
    const spec = workload.spec?.template?.spec as PodSpec | undefined
    if (!spec || workload.kind === 'DaemonSet') continue
    const room = requested(spec)
    const copies = workload.kind === 'Job' || workload.kind === 'CronJob' ? 1 : (workload.spec?.replicas ?? 1)
    for (let copy = 0; copy < copies; copy++) {
      const allowed = machines.filter((machine) => mayUse(machine, spec))
      const name = `${workload.metadata.name} needs ${coresText(room.cpu)} and ${bytesText(room.memory)} of memory`
      if (allowed.length === 0) return `${name}, but no machine may run it (cordoned, tainted, or without its label)`
      const fits = allowed.filter(({ free }) => free.cpu >= room.cpu && free.memory >= room.memory)
      const chosen = fits.sort((a, b) => b.free.memory - a.free.memory)[0]
      if (!chosen) {
        const best = allowed.sort((a, b) => b.free.memory - a.free.memory)[0]!
        const left = `${coresText(Math.max(0, best.free.cpu))} and ${bytesText(Math.max(0, best.free.memory))}`
        return `${name}; the machine with the most left, ${best.node.metadata.name}, has ${left}`
      }
      chosen.free.cpu -= room.cpu
      chosen.free.memory -= room.memory
    }
  }
  return undefined
}

/** Storage classes that volumes name, or count on as the default, and that are not there. */
export function missingStorage(classes: KubeObject[], wanted: KubeObject[]): string[] {
  const names = new Set(classes.map(({ metadata }) => metadata.name))
  const hasDefault = classes.some(
    ({ metadata }) => metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true',
  )
  return wanted.flatMap(claimsOf).flatMap(({ metadata, spec }) => {
    const name = spec?.storageClassName
    if (name === '') return []
    if (name === undefined)
      return hasDefault ? [] : [`${metadata.name} wants the default storage class, and there is none`]
    return names.has(name) ? [] : [`${metadata.name} wants the storage class ${name}, which is not there`]
  })
}

interface Claim {
  metadata: { name: string }
  spec?: { storageClassName?: string }
}

/** The claims an object makes: itself, or those a StatefulSet makes for each of its pods. */
function claimsOf(object: KubeObject): Claim[] {
  if (object.kind === 'PersistentVolumeClaim') return [object]
  return object.kind === 'StatefulSet' ? ((object.spec?.volumeClaimTemplates ?? []) as Claim[]) : []
}

/** Host names of these ingresses that ingresses elsewhere answer to. */
export function takenHosts(live: KubeObject[], wanted: KubeObject[]): { host: string; by: string }[] {
  const hostsOf = (ingress: KubeObject) =>
    ((ingress.spec?.rules ?? []) as { host?: string }[]).flatMap(({ host }) => (host ? [host] : []))
  const place = ({ metadata }: KubeObject) => `${metadata.namespace}/${metadata.name}`
  const own = wanted.filter(({ kind }) => kind === 'Ingress')
  const mine = new Set(own.map(place))
  const others = live.filter((ingress) => !mine.has(place(ingress)))
  return own
    .flatMap(hostsOf)
    .flatMap((host) =>
      others.filter((ingress) => hostsOf(ingress).includes(host)).map((ingress) => ({ host, by: place(ingress) })),
    )
}
