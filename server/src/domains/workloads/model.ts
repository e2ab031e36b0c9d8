import { z } from 'zod'
import { appName, instanceName } from '../../platform/names.ts'
import type { ClusterEvent, Pod } from '../objects/index.ts'

/** What lives in the cluster as a set of objects rendered from the catalog. */
export const workloadKinds = ['service', 'app'] as const
export type WorkloadKind = (typeof workloadKinds)[number]

/** One service or app of an instance. */
export const workloadInput = z.strictObject({
  instance: instanceName,
  kind: z.enum(workloadKinds),
  name: appName,
})
export type WorkloadInput = z.output<typeof workloadInput>

/** A line a container printed. */
export interface PodLine {
  pod: string
  container: string
  at?: string
  text: string
}

export interface Volume {
  name: string
  size?: string
  /** Pending, Bound or Lost. */
  phase: string
  storageClass?: string
  /** Bytes; absent while no machine tells. */
  usedBytes?: number
  capacityBytes?: number
}

export const certificateStates = ['valid', 'local', 'expiring', 'expired', 'missing'] as const

/** The certificate an address is served with. */
export interface Certificate {
  host: string
  state: (typeof certificateStates)[number]
  validTo?: string
  issuer?: string
}

/** What the cluster knows of a workload, beyond whether it runs. */
export interface Details {
  instance: string
  kind: WorkloadKind
  name: string
  namespace: string
  pods: Pod[]
  volumes: Volume[]
  /** URLs of its ingresses. */
  urls: string[]
  /** Addresses on the network, of its load balancers: "192.168.1.80:443". */
  addresses: string[]
  certificates: Certificate[]
  /** The newest warning of the last minutes. */
  lastError?: string
  events: ClusterEvent[]
}

/** An object that is not what was deployed. */
export interface Drift {
  /** "Deployment ghost/ghost" */
  object: string
  /** It was deleted. */
  missing: boolean
  /** From what is live to what was deployed, as a unified diff. */
  diff?: string
  /** Can the change be taken over into the files? */
  adoptable: boolean
}

/** Reads `[pod/NAME/CONTAINER] TIME TEXT`, as kubectl prints it with prefix and timestamps. */
export function readPodLine(line: string): PodLine | undefined {
  const [, pod, container, rest = ''] = /^\[pod\/([^/\]]+)\/([^\]]+)\] ?(.*)$/.exec(line) ?? []
  if (pod === undefined || container === undefined) return undefined
  const [, at, text] = /^(\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)) ?(.*)$/.exec(rest) ?? []
  return at === undefined ? { pod, container, text: rest } : { pod, container, at, text: text ?? '' }
}
