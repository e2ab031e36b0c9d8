import { request } from 'node:https'
import { parse as parseYamlText } from 'yaml'
import { WildError } from '../../platform/errors.ts'
import { apiPort } from './model.ts'

/** The certificate authority of the Kubernetes API, PEM, from a generated control plane configuration. */
export function clusterAuthority(controlPlaneYaml: string): string {
  const { cluster } = parseYamlText(controlPlaneYaml.split(/^---$/m)[0]!) as { cluster?: { ca?: { crt?: string } } }
  const crt = cluster?.ca?.crt
  if (!crt)
    throw new WildError(
      'CONFLICT',
      'The generated controlplane.yaml has no certificate authority. Move the folder away and set up a node again, or restore it from a backup.',
    )
  return Buffer.from(crt, 'base64').toString('utf8')
}

/** What a look at the API found: it answers (any HTTP status), it does not yet, or somebody else answers. */
export type ApiAnswer =
  | { state: 'answers'; status: number }
  | { state: 'silent'; reason: string }
  | { state: 'stranger'; reason: string }

const foreignCodes =
  /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?|CERT_SIGNATURE_FAILURE)$/

/** Something listens that is no API server at all. */
const noTls = /EPROTO|wrong version number|packet length too long|HPE_INVALID/

const reasons: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  CERT_NOT_YET_VALID:
    'its certificate is not valid yet: the clock of this device, or of the machine that made it, is wrong',
  CERT_HAS_EXPIRED: 'its certificate has ended, or the clock of this device is wrong',
}

/** GET https://VIP:6443/healthz (or another port), its certificate verified against the cluster's authority. Never throws. */
export function probeApi(
  vip: string,
  authority: string,
  timeoutMs: number,
  signal?: AbortSignal,
  port = apiPort,
): Promise<ApiAnswer> {
  return new Promise((resolve) => {
    const silent = (reason: string) => resolve({ state: 'silent', reason })
    const call = request(
      { host: vip, port, path: '/healthz', ca: authority, agent: false, signal, timeout: timeoutMs },
      (response) => {
        response.resume()
        resolve({ state: 'answers', status: response.statusCode ?? 0 })
      },
    )
    call.on('timeout', () => {
      silent(`no answer within ${timeoutMs / 1000} s`)
      call.destroy()
    })
    call.on('error', (error: NodeJS.ErrnoException) => {
      const { code = '', message } = error
      if (foreignCodes.test(code)) resolve({ state: 'stranger', reason: message })
      else if (noTls.test(`${code} ${message}`)) resolve({ state: 'stranger', reason: 'it does not speak TLS' })
      else silent(reasons[code] ?? message)
    })
    call.end()
  })
}
