import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { instance } from './journey.ts'
import type { World } from './world.ts'

const execute = promisify(execFile)

export interface Page {
  host: string
  address: string
  port: number
  title: string
}

async function object(world: World, kind: string, name: string, namespace: string): Promise<Record<string, unknown>> {
  const home = join(world.dataDirectory, 'instances', instance)
  const args = ['--kubeconfig', join(home, '.kube/config'), 'get', kind, name, '-n', namespace, '-o', 'json']
  const { stdout } = await execute('kubectl', args, { env: world.toolEnvironment })
  return JSON.parse(stdout)
}

/**
 * Fetches Ghost's page the way a browser on the LAN would: the address from Traefik's Service, the host from the
 * Ingress, the certificate's authority from its TLS Secret. Throws when any of the three is wrong.
 */
export async function fetchGhost(world: World): Promise<Page> {
  const service = (await object(world, 'service', 'traefik', 'traefik')) as {
    status?: { loadBalancer?: { ingress?: { ip: string }[] } }
  }
  const address = service.status?.loadBalancer?.ingress?.[0]?.ip
  if (!address) throw new Error('the Service traefik has no address')
  const ingress = (await object(world, 'ingress', 'ghost', 'ghost')) as {
    spec: { rules: { host: string }[]; tls: { secretName: string }[] }
  }
  const host = ingress.spec.rules[0]!.host
  const secret = (await object(world, 'secret', ingress.spec.tls[0]!.secretName, 'ghost')) as {
    data: Record<string, string>
  }
  const ca = Buffer.from(secret.data['ca.crt'] ?? secret.data['tls.crt'] ?? '', 'base64').toString()
  const { https: port } = JSON.parse(readFileSync(join(world.dataDirectory, 'lab', 'ingress.json'), 'utf8')) as {
    https: number
  }
  const { status, body } = await get({ address, port, host, ca })
  const title = /<title>([^<]*)<\/title>/.exec(body)?.[1]
  if (status !== 200 || !title) throw new Error(`https://${host} answered ${status}`)
  return { host, address, port, title }
}

function get({
  address,
  port,
  host,
  ca,
}: {
  address: string
  port: number
  host: string
  ca: string
}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(
      { host: address, port, servername: host, headers: { host }, ca, path: '/', timeout: 10_000 },
      (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (text: string) => {
          body += text
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
      },
    )
    call.on('error', reject)
    call.on('timeout', () => call.destroy(new Error(`${host} did not answer`)))
    call.end()
  })
}
