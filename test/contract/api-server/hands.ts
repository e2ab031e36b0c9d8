import { setTimeout as delay } from 'node:timers/promises'
import type { Tools } from '../suite.ts'
import { kubectl } from '../suites/api-server.ts'
import type { Rig } from './rig.ts'

// biome-ignore lint/suspicious/noExplicitAny: objects of any kind
type Loose = any

/** What somebody does by hand: to which object, and the patch; `status` for its status alone. */
export interface Move {
  kind: string
  name: string
  namespace?: string
  status: boolean
  patch: Loose
}
/** A volume for a claim that nobody provisions. */
export interface Moves {
  moves: Move[]
  volumes: Loose[]
}

const every = 1_000
const ready = (reason: string) => ({
  type: 'Ready',
  status: 'True',
  reason,
  message: '',
  lastTransitionTime: '2026-01-01T00:00:00Z',
})

/**
 * What has to be done by hand where no controller of the catalog really runs: addresses for load balancers, volumes for
 * claims, certificates and issuers that are ready, and webhooks nobody answers.
 */
export function movesFor(objects: Loose[]): Moves {
  const moves: Move[] = []
  const volumes: Loose[] = []
  for (const object of objects) {
    const { kind, metadata, spec, status } = object
    const on = { kind, name: metadata.name, namespace: metadata.namespace }
    if (kind === 'Service' && spec.type === 'LoadBalancer' && !status?.loadBalancer?.ingress?.length)
      moves.push({ ...on, status: true, patch: { status: { loadBalancer: { ingress: [{ ip: '10.0.0.80' }] } } } })
    if (kind === 'PersistentVolumeClaim' && status?.phase === 'Pending') volumes.push(volumeFor(object))
    if (
      /^(Certificate|ClusterIssuer|Issuer)$/.test(kind) &&
      !status?.conditions?.some((one: Loose) => one.type === 'Ready' && one.status === 'True')
    )
      moves.push({ ...on, status: true, patch: { status: { conditions: [ready('ByHand')] } } })
    if (/WebhookConfiguration$/.test(kind) && object.webhooks?.some((one: Loose) => one.failurePolicy !== 'Ignore'))
      moves.push({
        ...on,
        status: false,
        patch: {
          webhooks: object.webhooks.map((one: Loose) => ({ ...one, failurePolicy: 'Ignore', timeoutSeconds: 1 })),
        },
      })
  }
  return { moves, volumes }
}

const volumeFor = ({ metadata, spec }: Loose) => ({
  apiVersion: 'v1',
  kind: 'PersistentVolume',
  metadata: { name: `by-hand-${metadata.uid}` },
  spec: {
    capacity: { storage: spec.resources.requests.storage },
    accessModes: spec.accessModes,
    storageClassName: spec.storageClassName,
    persistentVolumeReclaimPolicy: 'Delete',
    hostPath: { path: `/by-hand/${metadata.uid}` },
    claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: metadata.name, namespace: metadata.namespace },
  },
})

const kinds = 'services,persistentvolumeclaims,validatingwebhookconfigurations,mutatingwebhookconfigurations'
const certificates = 'certificates.cert-manager.io,issuers.cert-manager.io,clusterissuers.cert-manager.io'

/** Does these things once a second until it is stopped. */
export function lendHands(tools: Tools, rig: Rig): { stop(): Promise<void> } {
  let going = true
  const read = async (what: string): Promise<Loose[]> => {
    const { exit, said } = await kubectl(tools, rig, ['get', what, '-A', '-o', 'json', '--ignore-not-found'])
    return exit === 0 && said.trim() ? JSON.parse(said).items : []
  }
  const look = async (): Promise<void> => {
    const { moves, volumes } = movesFor([...(await read(kinds)), ...(await read(certificates))])
    if (volumes.length > 0) await kubectl(tools, rig, ['apply', '--server-side', '-f', '-'], volumes)
    for (const { kind, name, namespace, status, patch } of moves) {
      const where = namespace ? ['-n', namespace] : []
      const sub = status ? ['--subresource=status'] : []
      await kubectl(tools, rig, ['patch', kind, name, ...where, ...sub, '--type=merge', '-p', JSON.stringify(patch)])
    }
  }
  const work = (async () => {
    while (going) {
      // The API is away now and then: what could not be done is done a second later.
      await look().catch(() => {})
      await delay(every)
    }
  })()
  return {
    async stop() {
      going = false
      await work
    },
  }
}
