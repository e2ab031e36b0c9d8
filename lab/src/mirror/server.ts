import { createHash } from 'node:crypto'
import { readFile, realpath, stat } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join, sep } from 'node:path'
import { LabError } from '../settings.ts'
import type { LabStore } from '../store.ts'
import { bootLoader } from './assets.ts'
import { createFactory, type FactoryAnswer } from './factory.ts'
import { type Mishap, send } from './send.ts'

export interface MirrorOptions {
  address: string
  port: number
  /** Folder with HOST/PATH files. */
  directory: string
  store: LabStore
  /** Bad luck that strikes the download of this file name now. */
  mishap?(name: string): Mishap | undefined
}

const FACTORY = 'factory.talos.dev'
const LOADERS = 'boot.ipxe.org'
const CHECKSUM = '.sha256'
const LARGEST_BODY = 131_072

const notFound: FactoryAnswer = { status: 404, type: 'text/plain; charset=utf-8', body: Buffer.from('not found') }

/**
 * Serves `/HOST/PATH` from the mirror's folder, `/HOST/PATH.sha256` as the hex checksum of it, and the image factory
 * below `/factory.talos.dev`. Throws LabError when the address is taken.
 */
export async function startMirror(options: MirrorOptions): Promise<{ url: string; close(): Promise<void> }> {
  const factory = createFactory(options.store)
  const resolve = async (method: string, path: string, body: string): Promise<FactoryAnswer> => {
    const [host, ...rest] = path.slice(1).split('/')
    if (method === 'POST') return host === FACTORY ? factory.answer(method, `/${rest.join('/')}`, body) : notFound
    const file = await readMirrored(options.directory, path)
    if (file) return file
    if (host === FACTORY) return factory.answer('GET', `/${rest.join('/')}`, '')
    const loader = host === LOADERS ? bootLoader(`/${rest.join('/')}`) : undefined
    return loader ? { status: 200, type: 'application/octet-stream', body: loader } : notFound
  }
  const answer = async (request: IncomingMessage): Promise<FactoryAnswer> => {
    const method = request.method ?? 'GET'
    const path = readPath(request.url ?? '/')
    if (path === undefined) return notFound
    if (method === 'POST') return resolve(method, path, await readBody(request))
    if (!path.endsWith(CHECKSUM)) return resolve(method, path, '')
    const asked = await resolve(method, path, '')
    return asked.status === 200 ? asked : checksumOf(await resolve(method, path.slice(0, -CHECKSUM.length), ''))
  }
  const server = createServer((request, response) => {
    if (!['GET', 'HEAD', 'POST'].includes(request.method ?? ''))
      return send(request, response, { ...notFound, status: 405 })
    answer(request).then(
      (found) => send(request, response, found, options.mishap?.(basename(request.url ?? ''))),
      () => send(request, response, { ...notFound, status: 500, body: Buffer.from('internal error') }),
    )
  })
  await new Promise<void>((done, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portError(options, error)))
    server.listen(options.port, options.address, done)
  })
  return {
    url: `http://${options.address}:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      return new Promise((done) => server.close(() => done()))
    },
  }
}

function portError({ address, port }: MirrorOptions, error: NodeJS.ErrnoException): LabError {
  const why =
    error.code === 'EADDRINUSE'
      ? 'is taken: another lab runs there, or choose another WILD_LAB_NET'
      : `cannot be used (${error.code})`
  return new LabError(`${address}:${port} ${why}`)
}

/** The decoded path, or undefined for one that is no plain path below the mirror. */
function readPath(url: string): string | undefined {
  try {
    const path = decodeURIComponent(url.split('?')[0]!)
    const segments = path.split('/').slice(1)
    const plain = segments.every(
      (segment) => segment !== '' && segment !== '.' && segment !== '..' && !/[\\\0]/.test(segment),
    )
    return path.startsWith('/') && plain ? path : undefined
  } catch {
    return undefined
  }
}

async function readMirrored(directory: string, path: string): Promise<FactoryAnswer | undefined> {
  try {
    const root = await realpath(directory)
    const file = await realpath(join(root, path))
    if (!file.startsWith(root + sep) || !(await stat(file)).isFile()) return undefined
    return { status: 200, type: 'application/octet-stream', body: await readFile(file) }
  } catch {
    return undefined
  }
}

function checksumOf(answer: FactoryAnswer): FactoryAnswer {
  if (answer.status !== 200) return answer
  return {
    status: 200,
    type: 'text/plain; charset=utf-8',
    body: Buffer.from(`${createHash('sha256').update(answer.body).digest('hex')}\n`),
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of request as AsyncIterable<Buffer>) {
    body += chunk.toString('utf8')
    if (body.length > LARGEST_BODY) break
  }
  return body
}
