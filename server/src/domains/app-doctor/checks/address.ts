import type { StepContext } from '../../../operations/define.ts'
import type { KubeObject } from '../../../tools/kubectl.ts'
import { askPage, type PageAnswer, whyNot } from '../../service-health/index.ts'
import { type DoctorFinding, failing, passing, warning } from '../model.ts'
import type { DoctorWorld } from '../world.ts'

/** The hosts of its ingresses as its files say. */
async function hostsOf(w: DoctorWorld, ctx: StepContext): Promise<string[]> {
  const ingresses = (await w.place.objects(ctx.run)).filter(({ kind }) => kind === 'Ingress')
  const rules = ingresses.flatMap(({ spec }) => (spec?.rules ?? []) as { host?: string }[])
  return [...new Set(rules.flatMap(({ host }) => host ?? []))]
}

interface Backend {
  service?: { name: string; port?: { name?: string; number?: number } }
}

const backendsOf = ({ spec }: KubeObject): string[] =>
  ((spec?.rules ?? []) as { http?: { paths?: { backend: Backend }[] } }[])
    .flatMap(({ http }) => http?.paths ?? [])
    .flatMap(({ backend }) => backend.service?.name ?? [])

/** Its ingresses are in the cluster, and pods answer behind them. */
export async function ingress(w: DoctorWorld, ctx: StepContext): Promise<DoctorFinding[]> {
  const name = 'Ingress'
  const hosts = await hostsOf(w, ctx)
  if (hosts.length === 0) return []
  const { namespace } = w.place
  const kubectl = w.kubectl(ctx)
  const live = await kubectl.get('ingresses.networking.k8s.io', { namespace })
  const served = new Set(
    live.flatMap(({ spec }) => ((spec?.rules ?? []) as { host?: string }[]).map(({ host }) => host)),
  )
  const deploy = `wild-cli app deploy ${w.app} brings it back.`
  const missing = hosts.filter((host) => !served.has(host))
  if (missing.length) return [failing(name, `${missing.join(', ')} is not in the cluster.`, deploy)]
  const slices = await kubectl.get('endpointslices.discovery.k8s.io', { namespace })
  const ready = (service: string) =>
    slices
      .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service)
      .flatMap(({ endpoints }) => (endpoints ?? []) as { conditions?: { ready?: boolean } }[])
      .some(({ conditions }) => conditions?.ready !== false)
  const silent = [...new Set(live.flatMap(backendsOf))].filter((service) => !ready(service))
  if (silent.length)
    return [failing(name, `No pod behind ${silent.join(', ')} answers.`, `wild-cli app status ${w.app}`)]
  return [passing(name, `${hosts.join(', ')} leads to pods that answer.`)]
}

/** Machines on the LAN are told the address of the cluster for its names. */
export async function names(w: DoctorWorld, ctx: StepContext): Promise<DoctorFinding[]> {
  const name = 'Name'
  const wanted = await w.setting('cluster.loadBalancerIp')
  const server = (await w.setting('cloud.dns.ip')) || undefined
  return Promise.all(
    (await hostsOf(w, ctx)).map(async (host) => {
      const answer = await w.deps.resolve(host, server)
      const remedy = `Let ${host} lead to ${wanted}: turn on the DNS of Wild Central (wild-cli dns status), or enter it in your router.`
      if (answer === undefined) return warning(name, 'There is no DNS server to ask: cloud.dns.ip is not set.', remedy)
      const { server: asked, addresses } = answer
      if (addresses.includes(wanted)) return passing(name, `${host} leads to ${wanted}, says ${asked}.`)
      if (addresses.length === 0)
        return warning(name, `${asked} has no address for ${host}, or does not answer.`, remedy)
      return failing(name, `${host} leads to ${addresses.join(', ')} instead of ${wanted}, says ${asked}.`, remedy)
    }),
  )
}

/** Asks through the front door: the load balancer, by name. */
export async function askDoor(w: DoctorWorld, host: string, path = '/'): Promise<PageAnswer | string> {
  const address = await w.setting('cluster.loadBalancerIp')
  if (!address) return 'cluster.loadBalancerIp is not set.'
  return askPage(address, host, path).catch((error: Error) => `https://${host} at ${address}: ${whyNot(error)}.`)
}

const dayMs = 86_400_000
const soonDays = 14

/** What is served under its names is a certificate for them that has not ended. */
export async function certificates(w: DoctorWorld, ctx: StepContext): Promise<DoctorFinding[]> {
  return Promise.all((await hostsOf(w, ctx)).map((host) => certificateOf(w, host)))
}

async function certificateOf(w: DoctorWorld, host: string): Promise<DoctorFinding> {
  const name = 'Certificate'
  const copy =
    'wild-cli service health cert-manager tells about certificates; wild-cli service copy-certificates copies them anew.'
  const answer = await askDoor(w, host)
  if (typeof answer === 'string') return failing(name, answer, 'wild-cli service health traefik')
  const { certificate } = answer
  if (!certificate) return failing(name, `No certificate is shown for ${host}.`, copy)
  if (certificate.checkHost(host) === undefined)
    return failing(
      name,
      `The one shown is not for ${host} but for ${certificate.subjectAltName ?? certificate.subject}.`,
      copy,
    )
  const left = Math.floor((Date.parse(certificate.validTo) - w.deps.clock.now()) / dayMs)
  if (left < 0) return failing(name, `That of ${host} has ended ${-left} days ago.`, copy)
  if (left < soonDays) return warning(name, `That of ${host} ends in ${left} days.`, copy)
  return passing(name, `That of ${host} is good for ${left} days.`)
}
