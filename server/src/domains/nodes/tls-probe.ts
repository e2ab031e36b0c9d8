import { connect, type PeerCertificate } from 'node:tls'

/**
 * What speaks on a port that is open:
 * - tls: a server that shook hands; `http2` when it speaks what Talos speaks
 * - closed: it hangs up
 * - no-tls: it speaks something else
 * - silent: it takes the connection and never answers
 */
export type Spoken =
  | { kind: 'tls'; http2: boolean; commonName: string | undefined; certificateNames: string[] }
  | { kind: 'closed' | 'no-tls' | 'silent' }

const plainWords = /wrong version number|packet length too long|http request|unexpected message|unknown protocol/i

function namesOf(certificate: PeerCertificate): string[] {
  const names = certificate.subjectaltname ?? ''
  return names.split(', ').flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.slice(1) ?? [])
}

/**
 * Shakes hands without trusting anybody: only to learn who is there, before a tool is started that would wait long for
 * a host that never answers. Never throws; takes at most `timeoutMs`.
 */
export function tlsProbe(ip: string, port: number, timeoutMs: number, signal?: AbortSignal): Promise<Spoken> {
  if (signal?.aborted) return Promise.resolve({ kind: 'closed' })
  return new Promise((resolve) => {
    const socket = connect({ host: ip, port, rejectUnauthorized: false, ALPNProtocols: ['h2'] })
    const finish = (spoken: Spoken) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
      socket.destroy()
      resolve(spoken)
    }
    const onAbort = () => finish({ kind: 'closed' })
    const timer = setTimeout(() => finish({ kind: 'silent' }), timeoutMs)
    signal?.addEventListener('abort', onAbort, { once: true })
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerCertificate()
      const commonName = certificate.subject?.CN
      finish({
        kind: 'tls',
        http2: socket.alpnProtocol === 'h2',
        commonName: typeof commonName === 'string' ? commonName : undefined,
        certificateNames: namesOf(certificate),
      })
    })
    socket.once('error', (error: NodeJS.ErrnoException) =>
      finish({ kind: plainWords.test(`${error.code} ${error.message}`) ? 'no-tls' : 'closed' }),
    )
    socket.once('close', () => finish({ kind: 'closed' }))
  })
}
