import { type ClientHttp2Session, connect, type IncomingHttpHeaders } from 'node:http2'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { Rpc } from './messages.ts'
import { decode, encode, type Fields } from './protobuf.ts'

/** Whom to dial, and as whom; without `ca` the server's certificate is not looked at. */
export interface Dialled {
  /** Address; port 50000 unless it names one. */
  endpoint: string
  /** PEM. */
  ca?: string
  crt?: string
  key?: string
}

/** A failure in the words of the real client. */
export class GrpcError extends Error {
  readonly code: string

  constructor(code: string, description: string) {
    super(`rpc error: code = ${code} desc = ${description}`)
    this.code = code
  }
}

const PORT = 50_000
const CODES =
  'OK Canceled Unknown InvalidArgument DeadlineExceeded NotFound AlreadyExists PermissionDenied ResourceExhausted FailedPrecondition Aborted OutOfRange Unimplemented Internal Unavailable DataLoss Unauthenticated'.split(
    ' ',
  )
const UNTRUSTED = 'tls: failed to verify certificate: x509: certificate signed by unknown authority'

/** Calls an rpc with one message or several, and answers every message it sends, one for a unary call. Throws GrpcError. */
export async function call(
  to: Dialled,
  rpc: Rpc,
  request: Fields | Fields[],
  headers: Record<string, string | string[]> = {},
): Promise<Fields[]> {
  const socket = connectTls({
    host: to.endpoint.replace(/:\d+$/, ''),
    port: Number(/:(\d+)$/.exec(to.endpoint)?.[1] ?? PORT),
    ALPNProtocols: ['h2'],
    ...(to.ca ? { ca: to.ca } : { rejectUnauthorized: false }),
    ...(to.crt && to.key ? { cert: to.crt, key: to.key } : {}),
  })
  try {
    await serverPreface(socket)
    const session = connect(`https://${to.endpoint}`, { createConnection: () => socket })
    const messages = [request].flat().map((fields) => framed(encode(rpc.request, fields)))
    return await exchange(session, rpc, Buffer.concat(messages), headers)
  } catch (error) {
    if (error instanceof GrpcError) throw error
    throw new GrpcError('Unavailable', transportError(error as NodeJS.ErrnoException, to))
  } finally {
    socket.destroy()
  }
}

/**
 * Waits for the first bytes of the server: a caller without a certificate is refused after the handshake as the client
 * sees it, and HTTP/2 would not tell. Rejects with why the connection ended.
 */
function serverPreface(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (socket.readableLength === 0) return
      socket.removeListener('readable', look)
      resolve()
    }
    socket.on('readable', look)
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('the connection was closed')))
  })
}

function exchange(
  session: ClientHttp2Session,
  rpc: Rpc,
  body: Buffer,
  headers: Record<string, string | string[]>,
): Promise<Fields[]> {
  return new Promise((resolve, reject) => {
    session.on('error', reject)
    // A stream that ends with its connection says less than the connection itself, which follows.
    let cause = new Error('the connection was closed')
    session.on('close', () => reject(cause))
    const stream = session.request({
      ':method': 'POST',
      ':path': rpc.path,
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    })
    const chunks: Buffer[] = []
    let trailers: IncomingHttpHeaders = {}
    stream.on('error', (error) => {
      cause = error
    })
    stream.on('response', (first) => {
      trailers = first
    })
    stream.on('trailers', (last) => {
      trailers = last
    })
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('end', () => {
      const code = trailers['grpc-status']
      if (code === undefined) return reject(new Error('the connection was closed'))
      if (code !== '0')
        return reject(new GrpcError(CODES[Number(code)]!, decodeURIComponent(String(trailers['grpc-message'] ?? ''))))
      resolve(frames(Buffer.concat(chunks)).map((frame) => decode(rpc.response, frame)))
    })
    stream.end(body)
  })
}

function framed(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5)
  prefix.writeUInt32BE(message.length, 1)
  return Buffer.concat([prefix, message])
}

/** Splits what came into its messages: a byte that says "not compressed", four of length, the message. */
function frames(bytes: Buffer): Buffer[] {
  const all: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] !== 0) throw new Error('a compressed message that nobody asked for')
    const end = at + 5 + bytes.readUInt32BE(at + 1)
    if (end > bytes.length) throw new Error('a message that is cut off')
    all.push(bytes.subarray(at + 5, end))
    at = end
  }
  return all
}

function transportError({ code = '', message }: NodeJS.ErrnoException, { endpoint }: Dialled): string {
  const refused: Record<string, string> = { ECONNREFUSED: 'connection refused', EHOSTUNREACH: 'no route to host' }
  const wrapped = (text: string): string => `connection error: desc = "${text}"`
  if (refused[code])
    return wrapped(`transport: Error while dialing: dial tcp ${endpoint}:50000: connect: ${refused[code]}`)
  if (/SELF_SIGNED|VERIFY|ISSUER|CERT_SIGNATURE/.test(code))
    return wrapped(`transport: authentication handshake failed: ${UNTRUSTED}`)
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return wrapped(
      `transport: authentication handshake failed: tls: failed to verify certificate: x509: certificate is valid for other names, not ${endpoint}`,
    )
  if (/CERTIFICATE_REQUIRED/.test(`${code} ${message}`))
    return wrapped('error reading server preface: remote error: tls: certificate required')
  return wrapped(`read tcp ${endpoint}:50000: read: connection reset by peer (${code || message})`)
}
