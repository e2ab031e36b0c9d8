import { FunctionFailure } from '../errors.ts'
import type { GoFunction } from '../values.ts'
import { toText } from './conv-values.ts'
import { type FunctionModule, fixed, variadic } from './declare.ts'
import { matchGlob } from './glob.ts'

/** The shortest path that means the same. */
function clean(path: string): string {
  if (path === '') return '.'
  const rooted = path.startsWith('/')
  const kept: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') kept.push(part)
    else if (kept.length > 0 && kept[kept.length - 1] !== '..') kept.pop()
    else if (!rooted) kept.push('..')
  }
  return (rooted ? '/' : '') + kept.join('/') || (rooted ? '/' : '.')
}

function base(path: string): string {
  if (path === '') return '.'
  return path.split('/').findLast((part) => part !== '') ?? '/'
}

function extension(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return dot < 0 ? '' : name.slice(dot)
}

function join(parts: string[]): string {
  const given = parts.filter((part) => part !== '')
  return given.length === 0 ? '' : clean(given.join('/'))
}

function relative(from: string, to: string): string {
  const [start, end] = [clean(from), clean(to)]
  if (start.startsWith('/') !== end.startsWith('/')) {
    throw new FunctionFailure(`Rel: can't make ${to} relative to ${from}`)
  }
  const split = (path: string) => path.split('/').filter((part) => part !== '' && part !== '.')
  const [a, b] = [split(start), split(end)]
  let common = 0
  while (common < a.length && a[common] === b[common]) common++
  return [...a.slice(common).map(() => '..'), ...b.slice(common)].join('/') || '.'
}

const withPath = (change: (path: string) => string | boolean) => fixed(['any'], (value) => change(toText(value)))

const shared: Record<string, GoFunction> = {
  Base: withPath(base),
  Clean: withPath(clean),
  Dir: withPath((path) => clean(path.slice(0, path.lastIndexOf('/') + 1))),
  Ext: withPath(extension),
  IsAbs: withPath((path) => path.startsWith('/')),
  Join: variadic([], 'any', (...parts) => join(parts.map(toText))),
  Match: fixed(['any', 'any'], (pattern, name) => matchGlob(toText(pattern), toText(name))),
  Split: fixed(['any'], (value) => {
    const path = toText(value)
    const cut = path.lastIndexOf('/') + 1
    return [path.slice(0, cut), path.slice(cut)]
  }),
}

/** Paths with slashes. */
export const path: FunctionModule = { name: 'path', functions: shared }

/** Paths of files; the same as `path` where files have slashes. */
export const filepath: FunctionModule = {
  name: 'filepath',
  functions: {
    ...shared,
    FromSlash: withPath((path) => path),
    ToSlash: withPath((path) => path),
    VolumeName: withPath(() => ''),
    Rel: fixed(['any', 'any'], (from, to) => relative(toText(from), toText(to))),
  },
}
