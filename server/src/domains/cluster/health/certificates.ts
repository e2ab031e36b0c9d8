import { X509Certificate } from 'node:crypto'
import { join } from 'node:path'
import { parse as parseYamlText } from 'yaml'
import { readFileIfThere } from '../../../platform/atomic-file.ts'
import type { InstancePaths } from '../../../platform/paths.ts'
import type { KubeObject } from '../../../tools/kubectl.ts'
import { passing } from '../health.ts'
import type { CertificateFact, HealthCheck } from '../model.ts'
import { fullName, some } from './facts.ts'

const dayMs = 24 * 60 * 60_000
/** Certificates of clients last a year; from here on they are due. */
const clientDueMs = 30 * dayMs
/** Authorities last ten years, and replacing one is a project. */
const authorityDueMs = 365 * dayMs
/** cert-manager renews weeks ahead: with less left than this it does not work. */
const serviceDueMs = 7 * dayMs

/** When a PEM certificate in base64 ends, ISO 8601; undefined when it cannot be read. */
export function endOf(base64: string | undefined): string | undefined {
  try {
    return new Date(new X509Certificate(Buffer.from(base64 ?? '', 'base64')).validTo).toISOString()
  } catch {
    return undefined
  }
}

// biome-ignore lint/suspicious/noExplicitAny: files of other programs, read with care
type Loose = any

async function readYaml(file: string): Promise<Loose> {
  try {
    return parseYamlText((await readFileIfThere(file)) ?? '')
  } catch {
    return undefined
  }
}

const authorities: Record<string, string> = {
  os: 'Talos authority',
  k8s: 'Kubernetes authority',
  etcd: 'etcd authority',
  k8saggregator: 'Aggregation authority',
}

/** Certificates in the files of an instance: its own as a client, and the authorities. Files that are not there are left out. */
export async function certificatesOfFiles(places: InstancePaths): Promise<CertificateFact[]> {
  const [talos, kube, bundle] = await Promise.all([
    readYaml(places.talosconfig),
    readYaml(places.kubeconfig),
    readYaml(join(places.generated, 'secrets.yaml')),
  ])
  const clients: [string, string | undefined][] = [
    ['talosconfig', talos?.contexts?.[talos?.context]?.crt],
    ['kubeconfig', kube?.users?.[0]?.user?.['client-certificate-data']],
  ]
  const signers = Object.entries(authorities).map(([key, name]) => [name, bundle?.certs?.[key]?.crt] as const)
  return [
    ...clients.flatMap(([name, text]) => (text ? [fact(name, 'client', text)] : [])),
    ...signers.flatMap(([name, text]) => (text ? [fact(name, 'authority', text)] : [])),
  ]
}

function fact(name: string, kind: CertificateFact['kind'], text: string): CertificateFact {
  const expiresAt = endOf(text)
  return expiresAt ? { name, kind, expiresAt } : { name, kind, problem: 'it is not a certificate' }
}

/** Certificates cert-manager looks after. */
export function certificatesOfServices(objects: KubeObject[]): CertificateFact[] {
  return objects.map((object) => {
    const conditions = (object.status?.conditions ?? []) as { type: string; status: string; message?: string }[]
    const ready = conditions.find(({ type }) => type === 'Ready')
    const expiresAt = typeof object.status?.notAfter === 'string' ? object.status.notAfter : undefined
    const problem = ready?.status === 'True' ? undefined : (ready?.message ?? 'it was not issued yet')
    return {
      name: fullName(object),
      kind: 'service',
      ...(expiresAt ? { expiresAt } : {}),
      ...(problem ? { problem } : {}),
    }
  })
}

/** "ended on 2026-11-01" or "ends on 2026-12-24". The day, not the time left: a message must not change by itself. */
function ends({ expiresAt }: CertificateFact, now: number): string {
  return `${Date.parse(expiresAt!) <= now ? 'ended' : 'ends'} on ${expiresAt!.slice(0, 10)}`
}

/** The check of our own certificates. */
export const clientCertificates = 'Client certificates'

interface Rule {
  title: string
  dueMs: number
  well: string
  remedy: string
}

const rules: Record<CertificateFact['kind'], Rule> = {
  client: {
    title: clientCertificates,
    dueMs: clientDueMs,
    well: 'talosconfig and kubeconfig are valid',
    remedy:
      'They are renewed by themselves while the cluster answers; or now: wild-cli cluster renew. Nothing of the cluster changes.',
  },
  authority: {
    title: 'Certificate authorities',
    dueMs: authorityDueMs,
    well: 'The authorities of Talos, Kubernetes and etcd are valid',
    remedy: 'Rotate the authority with talosctl rotate-ca while it is still valid; afterwards no client is let in.',
  },
  service: {
    title: 'Certificates',
    dueMs: serviceDueMs,
    well: 'All certificates of the cluster are issued and valid',
    remedy: 'Look at the log of cert-manager: it says why it cannot issue or renew it.',
  },
}

/** One check for each kind of certificate there is. */
export function certificateChecks(certificates: CertificateFact[], now: number): HealthCheck[] {
  return (Object.keys(rules) as CertificateFact['kind'][]).flatMap((kind) => {
    const own = certificates.filter((each) => each.kind === kind)
    return own.length ? [judge(rules[kind], own, now)] : []
  })
}

function judge({ title, dueMs, well, remedy }: Rule, own: CertificateFact[], now: number): HealthCheck {
  const left = ({ expiresAt }: CertificateFact) => (expiresAt ? Date.parse(expiresAt) - now : Number.POSITIVE_INFINITY)
  const ended = own.filter((each) => left(each) <= 0)
  const due = own.filter((each) => left(each) > 0 && left(each) < dueMs)
  const broken = own.filter((each) => each.problem && left(each) > 0)
  if (ended.length + due.length + broken.length === 0) return passing(title, well)
  const why = [
    ...[...ended, ...due].map((each) => `${each.name} ${ends(each, now)}`),
    ...broken.filter((each) => !due.includes(each)).map((each) => `${each.name}: ${each.problem}`),
  ]
  return { name: title, status: ended.length ? 'failing' : 'warning', message: some(why), remedy }
}
