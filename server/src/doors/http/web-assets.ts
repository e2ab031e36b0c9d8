import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const compress = promisify(gzip)

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
}

const notBuilt = `<!doctype html><meta charset="utf-8"><title>Wild Central</title>
<p>The web app is not built yet. Run <code>pnpm build</code>, then reload. The API is at <a href="/graphql">/graphql</a> and /api/v1.</p>`

/** No script, style or connection from anywhere else; styles set by scripts (positions) need 'unsafe-inline' for style only. */
export const contentSecurityPolicy =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"

/**
 * The built web app: hashed files are kept by browsers for a year, everything unknown without an extension is the app's first
 * page. What is text goes compressed to browsers that take it; each file is compressed once.
 */
export function createWebAssets(
  folder: string,
): (path: string, request: { ifNoneMatch?: string; acceptEncoding?: string }) => Promise<Response | undefined> {
  const compressed = new Map<string, Promise<Buffer>>()
  async function file(path: string): Promise<Buffer | undefined> {
    const full = normalize(join(folder, path))
    if (full !== folder && !full.startsWith(folder + sep)) return undefined
    const info = await stat(full).catch(() => undefined)
    return info?.isFile() ? readFile(full) : undefined
  }

  /** The compressed bytes of a file that did not change; few files, kept for good. */
  function compressedOf(tag: string, bytes: Buffer): Promise<Buffer> {
    const known = compressed.get(tag) ?? compress(bytes, { level: 9 })
    compressed.set(tag, known)
    return known
  }

  return async (rawPath, { ifNoneMatch, acceptEncoding }) => {
    const path = safeDecode(rawPath)
    if (path === undefined) return undefined
    const asset = path === '/' ? undefined : await file(path)
    if (!asset && extname(path)) return undefined
    const page = asset ?? (await file('/index.html'))
    if (!page) return new Response(notBuilt, { headers: { 'content-type': types['.html']! } })
    const tag = `"${createHash('sha256').update(page).digest('hex').slice(0, 20)}"`
    const headers = {
      'content-type': asset ? (types[extname(path)] ?? 'application/octet-stream') : types['.html']!,
      'cache-control': path.startsWith('/assets/') && asset ? 'public, max-age=31536000, immutable' : 'no-cache',
      etag: tag,
      vary: 'Accept-Encoding',
    }
    if (ifNoneMatch === tag) return new Response(null, { status: 304, headers })
    const small = /\bgzip\b/.test(acceptEncoding ?? '') && isText(headers['content-type'])
    if (!small) return new Response(new Uint8Array(page), { headers })
    const body = new Uint8Array(await compressedOf(tag, page))
    return new Response(body, { headers: { ...headers, 'content-encoding': 'gzip' } })
  }
}

/** What becomes much smaller by compression. */
function isText(type: string): boolean {
  return /^text\/|json|svg/.test(type)
}

function safeDecode(path: string): string | undefined {
  try {
    const decoded = decodeURIComponent(path)
    return decoded.includes('\0') ? undefined : decoded
  } catch {
    return undefined
  }
}
