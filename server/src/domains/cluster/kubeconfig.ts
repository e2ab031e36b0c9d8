import { X509Certificate } from 'node:crypto'
import { parse as parseYamlText } from 'yaml'
import { z } from 'zod'
import { apiPort } from './model.ts'

const shape = z.object({
  clusters: z
    .array(z.object({ cluster: z.object({ server: z.string(), 'certificate-authority-data': z.string() }) }))
    .min(1),
  users: z
    .array(z.object({ user: z.object({ 'client-certificate-data': z.string(), 'client-key-data': z.string() }) }))
    .min(1),
})

/** A certificate with less time left than this is fetched anew, ms (30 days). */
const renewBeforeMs = 30 * 24 * 60 * 60_000

/** When a base64 PEM certificate ends; undefined when it cannot be read. */
function endOf(certificate: string): number | undefined {
  try {
    return new Date(new X509Certificate(Buffer.from(certificate, 'base64')).validTo).getTime()
  } catch {
    return undefined
  }
}

function sameCertificate(a: string, b: string): boolean {
  return a.replace(/\s+/g, '') === b.replace(/\s+/g, '')
}

/** True for a kubeconfig that leads to this cluster's VIP, trusts its authority and whose certificate lasts a while. */
export function fitsCluster(text: string, expected: { vip: string; authority: string; now: number }): boolean {
  let config: z.infer<typeof shape>
  try {
    config = shape.parse(parseYamlText(text))
  } catch {
    return false
  }
  const { server, 'certificate-authority-data': authority } = config.clusters[0]!.cluster
  if (server !== `https://${expected.vip}:${apiPort}`) return false
  if (!sameCertificate(Buffer.from(authority, 'base64').toString('utf8'), expected.authority)) return false
  const end = endOf(config.users[0]!.user['client-certificate-data'])
  return end === undefined || end - expected.now > renewBeforeMs
}
