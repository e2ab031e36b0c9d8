import { X509Certificate } from 'node:crypto'
import type { InstancePaths } from '../../platform/paths.ts'
import type { RunTool } from '../../platform/run-tool.ts'
import type { Kubectl, KubeObject } from '../../tools/kubectl.ts'
import { eventsIn, lastWarning, podsOf, readLive } from '../objects/index.ts'
import type { Certificate, Details, Volume } from './model.ts'
import type { Place } from './place.ts'

const shownEvents = 50
const expiresSoonMs = 14 * 86_400_000

/** What a machine's kubelet tells of the volumes it has mounted. */
interface Summary {
  pods?: {
    volume?: { pvcRef?: { name: string; namespace: string }; usedBytes?: number; capacityBytes?: number }[]
  }[]
}

/** How full the volumes of a namespace are, by claim; empty when the machines do not tell. */
async function usage(kubectl: Kubectl, namespace: string, pods: KubeObject[]): Promise<Map<string, Partial<Volume>>> {
  const nodes = [...new Set(pods.flatMap(({ spec }) => (spec?.nodeName ? [String(spec.nodeName)] : [])))]
  const summaries = await Promise.all(
    nodes.map((node) => kubectl.raw<Summary>(`/api/v1/nodes/${node}/proxy/stats/summary`).catch(() => undefined)),
  )
  const volumes = summaries.flatMap((summary) => (summary?.pods ?? []).flatMap(({ volume }) => volume ?? []))
  return new Map(
    volumes
      .filter(({ pvcRef }) => pvcRef?.namespace === namespace)
      .map(({ pvcRef, usedBytes, capacityBytes }) => [pvcRef!.name, { usedBytes, capacityBytes }]),
  )
}

function readVolume(claim: KubeObject, used: Partial<Volume> | undefined): Volume {
  const { spec, status, metadata } = claim
  return {
    name: metadata.name,
    size: status?.capacity?.storage ?? spec?.resources?.requests?.storage,
    phase: String(status?.phase ?? 'Pending'),
    storageClass: spec?.storageClassName,
    ...used,
  }
}

interface Tls {
  hosts?: string[]
  secretName?: string
}

/** How the certificate in a Secret stands; of a host that no certificate is named for, none. */
function readCertificate(host: string, secret: KubeObject | undefined, now: number): Certificate {
  const pem = secret?.data?.['tls.crt'] as string | undefined
  if (pem === undefined) return { host, state: 'missing' }
  try {
    const { validTo, issuer } = new X509Certificate(Buffer.from(pem, 'base64'))
    const left = Date.parse(validTo) - now
    const by = /(?:^|\n)(?:O|CN)=(.*)/.exec(issuer)?.[1] ?? issuer
    const known = /let's encrypt|google trust|zerossl|digicert|sectigo/i.test(issuer)
    const state = left < 0 ? 'expired' : left < expiresSoonMs ? 'expiring' : known ? 'valid' : 'local'
    return { host, state, validTo: new Date(validTo).toISOString(), issuer: by }
  } catch {
    return { host, state: 'missing' }
  }
}

async function certificatesOf(kubectl: Kubectl, place: Place, ingresses: KubeObject[], now: number) {
  const named = ingresses.flatMap(({ spec }) =>
    ((spec?.tls ?? []) as Tls[]).flatMap(({ hosts = [], secretName }) => hosts.map((host) => ({ host, secretName }))),
  )
  const secrets = new Map<string, KubeObject | undefined>()
  for (const { secretName } of named)
    if (secretName && !secrets.has(secretName))
      secrets.set(secretName, (await kubectl.get('secret', { name: secretName, namespace: place.namespace }))[0])
  return named.map(({ host, secretName }) => readCertificate(host, secrets.get(secretName ?? ''), now))
}

const hostsOf = (ingress: KubeObject) =>
  ((ingress.spec?.rules ?? []) as { host?: string }[]).flatMap(({ host }) => (host ? [host] : []))

function urlsOf(ingresses: KubeObject[]): string[] {
  return ingresses.flatMap((ingress) => {
    const secure = new Set(((ingress.spec?.tls ?? []) as Tls[]).flatMap(({ hosts = [] }) => hosts))
    return hostsOf(ingress).map((host) => `${secure.has(host) ? 'https' : 'http'}://${host}`)
  })
}

function addressesOf(services: KubeObject[]): string[] {
  return services.flatMap(({ spec, status }) =>
    ((status?.loadBalancer?.ingress ?? []) as { ip?: string; hostname?: string }[]).flatMap(({ ip, hostname }) =>
      ((spec?.ports ?? []) as { port: number }[]).map(({ port }) => `${ip ?? hostname}:${port}`),
    ),
  )
}

/** What the cluster knows of a workload now. Throws CLUSTER_UNREACHABLE. */
export async function readDetails(
  place: Place,
  world: { reads: RunTool; paths: InstancePaths; now: number },
): Promise<Details> {
  const kubectl = place.kubectl(world.reads)
  const { namespace, instance, kind, name } = place
  const objects = await kubectl.get('pods,persistentvolumeclaims,services,ingresses.networking.k8s.io', { namespace })
  const of = (wanted: string) => objects.filter((object) => object.kind === wanted)
  const [used, events, certificates, live] = await Promise.all([
    usage(kubectl, namespace, of('PersistentVolumeClaim').length ? of('Pod') : []),
    eventsIn(kubectl, namespace),
    certificatesOf(kubectl, place, of('Ingress'), world.now),
    readLive(world.reads, world.paths),
  ])
  const pods =
    kind === 'app' ? live.pods.filter((pod) => pod.namespace === namespace) : podsOf(place.checks, namespace, live)
  const there = new Set(objects.map((object) => `${object.kind} ${object.metadata.name}`))
  return {
    instance,
    kind,
    name,
    namespace,
    pods,
    volumes: of('PersistentVolumeClaim').map((claim) => readVolume(claim, used.get(claim.metadata.name))),
    urls: urlsOf(of('Ingress')),
    addresses: addressesOf(of('Service')),
    certificates,
    lastError:
      pods.find(({ trouble }) => trouble)?.trouble ??
      live.stuck.find((job) => job.namespace === namespace)?.trouble ??
      lastWarning(events, world.now, (object) => there.has(object) && !isWell(object, objects)),
    events: events.slice(-shownEvents).reverse(),
  }
}

/** A pod that is ready has got over what was said about it before. */
function isWell(about: string, objects: KubeObject[]): boolean {
  const found = objects.find((object) => `${object.kind} ${object.metadata.name}` === about)
  if (found?.kind === 'PersistentVolumeClaim') return found.status?.phase === 'Bound'
  const conditions = (found?.status?.conditions ?? []) as { type: string; status: string }[]
  return (
    conditions.some(({ type, status }) => type === 'Ready' && status === 'True') || found?.status?.phase === 'Succeeded'
  )
}
