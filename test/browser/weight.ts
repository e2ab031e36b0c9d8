import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { root } from '../world.ts'

/** The most JavaScript a first load may take, in bytes, compressed (design section 10). */
export const weightLimit = 70_000

const folder = join(root, 'web/dist')
const textOf = (file: string): string => readFileSync(join(folder, 'assets', file), 'utf8')

/** A file of the build, and all files it imports before it runs. */
function withImports(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found
  found.add(file)
  for (const [, next] of textOf(file).matchAll(/(?:from|import)\s*["']\.\/([\w.-]+\.js)["']/g))
    withImports(next!, found)
  return found
}

const gzipped = (files: Iterable<string>): number =>
  [...files].reduce((sum, file) => sum + gzipSync(textOf(file)).length, 0)

/**
 * JavaScript of the first load of each page of the built app, in compressed bytes, heaviest first: what index.html names, and
 * the page's own, with all they import. The first row is the frame that every page needs.
 */
export function firstLoads(): { page: string; bytes: number }[] {
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const frame = new Set<string>()
  for (const [, file] of html.matchAll(/(?:src|href)="\/assets\/([^"]+\.js)"/g)) withImports(file!, frame)
  const entry = [...frame].map(textOf).join('\n')
  const pages = new Set([...entry.matchAll(/import\(\s*["'`]\.\/([\w.-]+\.js)["'`]\s*\)/g)].map(([, file]) => file!))
  return [
    { page: 'the frame alone', bytes: gzipped(frame) },
    ...[...pages]
      .map((page) => ({ page, bytes: gzipped(withImports(page, new Set(frame))) }))
      .sort((a, b) => b.bytes - a.bytes),
  ]
}
