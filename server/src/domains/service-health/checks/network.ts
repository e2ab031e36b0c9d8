import type { X509Certificate } from 'node:crypto'
import { request } from 'node:https'
import { connect } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { draftContext } from '../../catalog/index.ts'
import { clusterTrouble, renderFile } from '../../objects/index.ts'
import type { CheckOf, Look } from '../look.ts'
import { bad, type Finding, well } from '../model.ts'

const limitMs = 5_000

/** Every Service that wants an address of the pool has one. */
export async function addresses(look: Look): Promise<Finding> {
  const services = (await look.list('v1', 'Service')).filter(({ spec }) => spec?.type === 'LoadBalancer')
  const addressOf = (ingress: { ip?: string; hostname?: string }[] = []) => ingress[0]?.ip ?? ingress[0]?.hostname
  const waiting = services.filter(({ status }) => !addressOf(status?.loadBalancer?.ingress))
  if (services.length === 0) return well('No service wants an address yet.')
  if (waiting.length === 0) return well(`${services.length} of ${services.length} services have their address.`)
  const items = waiting.map(({ kind, metadata }) => ({ kind, name: metadata.name, namespace: metadata.namespace }))
  const words = await clusterTrouble(look.kubectl, items)
  const names = waiting.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(', ')
  return bad([`${names} waits for an address.`, ...words].join(' '))
}

/** A Service has pods behind it that answer. */
export async function endpoints(look: Look, { service }: CheckOf<'endpoints'>): Promise<Finding> {
  const slices = (await look.list('discovery.k8s.io/v1', 'EndpointSlice', look.manifest.namespace)).filter(
    ({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === service,
  )
  const all = slices.flatMap(({ endpoints: found }) => (found ?? []) as { conditions?: { ready?: boolean } }[])
  const ready = all.filter(({ conditions }) => conditions?.ready !== false).length
  return ready > 0 ? well(`${ready} of ${all.length} pods answer.`) : bad(`No pod behind ${service} answers.`)
}

/** A page is served at the load balancer's address under its own name. */
export async function page(look: Look, check: CheckOf<'page'>): Promise<Finding> {
  const host = renderFile('host', check.host, draftContext(await look.configText(), []))
  const address = await look.setting('cluster.loadBalancerIp')
  if (!address) return bad('cluster.loadBalancerIp is not set.')
  const answer = await askPage(address, host).catch((error: Error) => error)
  if (answer instanceof Error) return bad(`https://${host} at ${address}: ${whyNot(answer)}.`)
  const { status } = answer
  const served = status < 500 && status !== 404
  return served ? well(`https://${host} answers.`) : bad(`https://${host} answers with ${status}.`)
}

/** What a host answered. */
export interface PageAnswer {
  status: number
  body: string
  /** The certificate it showed. */
  certificate?: X509Certificate
}

const longestBody = 64 * 1024

/** Asks one address for a page by name. Who signed the certificate does not matter here. */
export function askPage(address: string, host: string, path = '/'): Promise<PageAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: address,
        port: 443,
        path,
        servername: host,
        headers: { Host: host },
        rejectUnauthorized: false,
        // A session that is resumed shows no certificate.
        agent: false,
        signal: AbortSignal.timeout(3 * limitMs),
      },
      (response) => {
        const certificate = (response.socket as TLSSocket).getPeerX509Certificate()
        const status = response.statusCode ?? 0
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => {
          if (body.length < longestBody) body += part
        })
        response.on('end', () => resolve({ status, body, certificate }))
        response.on('error', reject)
      },
    )
    asked.setTimeout(limitMs, () => asked.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })))
    asked.on('error', reject)
    asked.end()
  })
}

/** Why nobody could be reached, in plain words. */
export function whyNot(error: Error): string {
  const words: Record<string, string> = {
    ECONNREFUSED: 'nobody listens there',
    ETIMEDOUT: 'no answer within 5 seconds',
    EHOSTUNREACH: 'the machine cannot be reached',
    ENETUNREACH: 'the network cannot be reached',
    ENOTFOUND: 'the name is not known',
    EAI_AGAIN: 'the name cannot be looked up',
  }
  const { code = '' } = error as NodeJS.ErrnoException
  return words[code] ?? error.message
}

/** Somebody listens at host and port. */
export async function tcp(look: Look, check: CheckOf<'tcp'>): Promise<Finding> {
  const [host, port] = await Promise.all([look.setting(check.host), look.setting(check.port)])
  if (!host || !port) return bad(`${host ? check.port : check.host} is not set.`)
  const error = await reach(host, Number(port)).catch((reason: Error) => reason)
  return error ? bad(`${host}:${port}: ${whyNot(error)}.`) : well(`${host}:${port} answers.`)
}

function reach(host: string, port: number): Promise<undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: limitMs })
    socket.once('connect', () => {
      socket.destroy()
      resolve(undefined)
    })
    socket.once('timeout', () => socket.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })))
    socket.once('error', reject)
  })
}
