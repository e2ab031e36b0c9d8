import type { Kubectl, KubeObject } from '../../tools/kubectl.ts'

/** Something that is not as it should be. */
export interface Troubled {
  kind: string
  name: string
  namespace?: string
}

type Explanation = [pattern: RegExp, words: (match: RegExpExecArray) => string]

/** What a text of the cluster means and what to do, in plain words; the text itself when nobody knows it. */
function explain(text: string, explanations: Explanation[]): string {
  for (const [pattern, words] of explanations) {
    const match = pattern.exec(text)
    if (match) return words(match)
  }
  return `${text.trim().replace(/\.$/, '')}.`
}

const addressWords: Explanation[] = [
  [
    /no available IPs/i,
    () => 'No address of the pool is free: make cluster.ipAddressPool larger, or remove a service that has one.',
  ],
  [
    /\["?([^"\]]+)"?\] is not allowed in config/i,
    ([, address]) => `${address} is not in the pool: cluster.loadBalancerIp must be one of cluster.ipAddressPool.`,
  ],
  [/also in use|already in use/i, () => 'Another service has the address already: give each one of its own.'],
  [/unknown pool "?([^"]+)"?/i, ([, pool]) => `There is no address pool ${pool}.`],
]

const certificateWords: Explanation[] = [
  [
    /could not route to \/client|Found no Zones|no such zone|zone could not be found|\b7003\b/i,
    () =>
      'Cloudflare does not know the zone, or the token may not see it: check cluster.certManager.cloudflare.domain and the zones of the token.',
  ],
  [
    /authentication error|invalid (access|api|request) (token|headers)|unauthorized|\b(10000|9109|6003|6111|9106)\b/i,
    () =>
      'Cloudflare refuses the token: make one with Zone:Read and DNS:Edit, then wild-cli secret set cloudflare.token and install cert-manager again.',
  ],
  [
    /rateLimited|too many (certificates|failed authorizations)/i,
    () =>
      "Let's Encrypt has had too many requests for this domain: wait as long as it says, it is tried again by itself.",
  ],
  [
    /secrets? "([^"]+)" not found/i,
    ([, secret]) => `The Secret ${secret} is missing: install cert-manager again, it is made from cloudflare.token.`,
  ],
]

const definitionWords: Explanation[] = [
  [
    /already in use|conflicts? with|is already/i,
    () => 'Its name is taken by another resource definition: something else of the same kind is installed.',
  ],
]

async function eventsOf(kubectl: Kubectl, { name, namespace }: Troubled, reasons: string[]): Promise<string[]> {
  const events = await kubectl.get('events', { namespace: namespace ?? 'default', repeated: true })
  const about = events.filter(
    ({ involvedObject, reason }) =>
      (involvedObject?.name === name || String(involvedObject?.name ?? '').startsWith(`${name}-`)) &&
      reasons.includes(reason),
  )
  const time = (event: KubeObject) => Date.parse(event.lastTimestamp ?? event.eventTime ?? '') || 0
  const latest = about.sort((a, b) => time(b) - time(a))[0]
  return latest ? [String(latest.message)] : []
}

const challengeType = 'challenge.v1.acme.cert-manager.io'

type Reader = (kubectl: Kubectl, item: Troubled) => Promise<string[]>

const readers: Record<string, Reader> = {
  Service: async (kubectl, item) =>
    (await eventsOf(kubectl, item, ['AllocationFailed'])).map((text) => explain(text, addressWords)),
  Certificate: async (kubectl, { namespace }) => {
    const challenges = await kubectl.get(challengeType, { namespace, repeated: true })
    const said = challenges.flatMap(({ status }) => (status?.reason ? [String(status.reason)] : []))
    return said.map((text) => explain(text, certificateWords))
  },
  ClusterIssuer: async (kubectl, { name }) => {
    const [issuer] = await kubectl.get('clusterissuer.v1.cert-manager.io', { name, repeated: true })
    const ready = issuer?.status?.conditions?.find(({ type }: { type: string }) => type === 'Ready')
    return ready?.message ? [explain(String(ready.message), certificateWords)] : []
  },
  CustomResourceDefinition: async (kubectl, { name }) => {
    const [definition] = await kubectl.get('customresourcedefinition', { name, repeated: true })
    const refused = definition?.status?.conditions?.find(
      ({ type, status }: { type: string; status: string }) => type === 'NamesAccepted' && status === 'False',
    )
    return refused?.message ? [explain(String(refused.message), definitionWords)] : []
  },
  PersistentVolumeClaim: (kubectl, item) => eventsOf(kubectl, item, ['ProvisioningFailed', 'FailedBinding']),
  Deployment: (kubectl, item) => eventsOf(kubectl, item, ['FailedCreate']),
  DaemonSet: (kubectl, item) => eventsOf(kubectl, item, ['FailedCreate']),
  StatefulSet: (kubectl, item) => eventsOf(kubectl, item, ['FailedCreate']),
  Job: (kubectl, item) => eventsOf(kubectl, item, ['FailedCreate']),
}

/** What events, challenges and conditions of the cluster say about these, each once, in plain words and with the next action where it is known. */
export async function clusterTrouble(kubectl: Kubectl, items: Troubled[]): Promise<string[]> {
  const found = await Promise.all(
    items.slice(0, 5).map((item) => readers[item.kind]?.(kubectl, item).catch(() => []) ?? Promise.resolve([])),
  )
  return [...new Set(found.flat())].slice(0, 3)
}

/** "Service traefik/traefik" taken apart. */
export function troubledFrom(what: string): Troubled {
  const [kind = '', place = ''] = what.split(' ')
  const [namespace, name] = place.includes('/') ? place.split('/') : [undefined, place]
  return { kind, name: name ?? '', namespace }
}

const webhookWords: Explanation[] = [
  [
    /failed calling webhook "([^"]+)".*no endpoints available for service "([^"]+)"/is,
    ([, , service]) => `${service}, which checks such objects, has not started yet`,
  ],
  [
    /failed calling webhook "([^"]+)"/i,
    ([, webhook]) => `the webhook ${webhook}, which checks such objects, does not answer yet`,
  ],
  [/no matches for kind "([^"]+)"/i, ([, kind]) => `the cluster does not know ${kind} yet`],
  [/namespaces "([^"]+)" not found/i, ([, namespace]) => `the namespace ${namespace} is not there yet`],
]

/** Why the cluster does not accept something yet. */
export const refusalWords = (said: string): string =>
  explain(
    said.split('\n').find((line) => webhookWords.some(([pattern]) => pattern.test(line))) ?? said.split('\n')[0]!,
    webhookWords,
  )
    .replace(/\.$/, '')
    .slice(0, 300)
