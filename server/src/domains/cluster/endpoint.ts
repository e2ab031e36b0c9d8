import { parse as parseYamlText } from 'yaml'
import { z } from 'zod'
import { readFileIfThere } from '../../platform/atomic-file.ts'
import { apiPort } from './model.ts'

const shape = z.object({
  clusters: z
    .array(z.object({ cluster: z.object({ server: z.url(), 'certificate-authority-data': z.string() }) }))
    .min(1),
})

/** Where the API of a cluster is, and who vouches for it. */
export interface ApiEndpoint {
  host: string
  port: number
  /** PEM. */
  authority: string
}

/** What a kubeconfig leads to; undefined when it is none. */
export function endpointOf(kubeconfig: string): ApiEndpoint | undefined {
  try {
    const { server, 'certificate-authority-data': data } = shape.parse(parseYamlText(kubeconfig)).clusters[0]!.cluster
    const { hostname, port } = new URL(server)
    return {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port ? Number(port) : 443,
      authority: Buffer.from(data, 'base64').toString('utf8'),
    }
  } catch {
    return undefined
  }
}

/** The endpoint of an instance's kubeconfig; undefined before the bootstrap. */
export async function endpointIn(file: string): Promise<ApiEndpoint | undefined> {
  return endpointOf((await readFileIfThere(file)) ?? '')
}

/** `https://192.168.1.90:6443` */
export function urlOf({ host, port }: Pick<ApiEndpoint, 'host' | 'port'> = { host: '', port: apiPort }): string {
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`
}
