import { FunctionFailure } from '../errors.ts'
import { type Match, Regex } from '../regex/regex.ts'
import type { CallScope, Value } from '../values.ts'
import { toInteger, toText } from './conv-values.ts'
import { type FunctionModule, fixed, scoped } from './declare.ts'
import { checkSize } from './strings.ts'

function between(characters: string[], from: number | undefined, to: number | undefined): string {
  return from === undefined || to === undefined ? '' : characters.slice(from, to).join('')
}

/** Tells a rendering of the work a search does: an instruction counts as a step. */
function meter(scope: CallScope): (work: number) => void {
  return (work) => scope.spend(work)
}

function first(args: Value[], scope: CallScope): { match: Match | undefined; characters: string[] } {
  const [pattern = '', input = ''] = args.map(toText)
  const characters = [...input]
  return { match: new Regex(pattern).findAll(characters, 1, meter(scope))[0], characters }
}

function find(args: Value[], scope: CallScope): string {
  const { match, characters } = first(args, scope)
  return match ? between(characters, match[0], match[1]) : ''
}

/** (pattern, input) or (pattern, limit, input). */
function limited(args: Value[]): { regex: Regex; limit: number; characters: string[] } {
  if (args.length < 2 || args.length > 3) {
    throw new FunctionFailure(`wrong number of args: want 2 or 3, got ${args.length}`)
  }
  return {
    regex: new Regex(toText(args[0] ?? null)),
    limit: args.length === 3 ? Number(toInteger(args[1] ?? null)) : -1,
    characters: [...toText(args[args.length - 1] ?? null)],
  }
}

function findAll(args: Value[], scope: CallScope): string[] {
  const { regex, limit, characters } = limited(args)
  return regex
    .findAll(characters, limit < 0 ? -1 : limit, meter(scope))
    .map((match) => between(characters, match[0], match[1]))
}

function split(args: Value[], scope: CallScope): string[] {
  const { regex, limit, characters } = limited(args)
  if (limit === 0) return []
  const parts: string[] = []
  let start = 0
  for (const [from = 0, to = 0] of regex.findAll(characters, -1, meter(scope))) {
    if (limit > 0 && parts.length === limit - 1) break
    // An empty match at the very start or end divides nothing.
    if (to === 0 || (from === to && from === characters.length)) continue
    parts.push(between(characters, start, from))
    start = to
  }
  return [...parts, between(characters, start, characters.length)]
}

/** The text a replacement such as `$1-${name}` stands for. */
function expand(template: string, regex: Regex, match: Match, characters: string[]): string {
  return template.replace(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) => {
    if (whole === '$$') return '$'
    const name = braced ?? bare ?? ''
    const index = /^\d+$/.test(name) ? Number(name) : regex.groupNames.indexOf(name)
    return index < 0 ? '' : between(characters, match[index * 2], match[index * 2 + 1])
  })
}

function replace(args: Value[], scope: CallScope, literal: boolean): string {
  const [pattern = '', replacement = '', input = ''] = args.map(toText)
  const regex = new Regex(pattern)
  const characters = [...input]
  const matches = regex.findAll(characters, -1, meter(scope))
  const pieces: string[] = []
  let size = input.length
  let start = 0
  for (const match of matches) {
    const inserted = literal ? replacement : expand(replacement, regex, match, characters)
    size += inserted.length
    checkSize(size, scope)
    pieces.push(between(characters, start, match[0]), inserted)
    start = match[1] ?? start
  }
  return pieces.join('') + between(characters, start, characters.length)
}

/** Regular expressions in Go's syntax. */
export const regexp: FunctionModule = {
  name: 'regexp',
  functions: {
    Find: scoped(['any', 'any'], undefined, find),
    FindAll: scoped([], 'any', findAll),
    Match: scoped(['any', 'any'], undefined, (args, scope) => first(args, scope).match !== undefined),
    QuoteMeta: fixed(['any'], (value) => toText(value).replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')),
    Replace: scoped(['any', 'any', 'any'], undefined, (args, scope) => replace(args, scope, false)),
    ReplaceLiteral: scoped(['any', 'any', 'any'], undefined, (args, scope) => replace(args, scope, true)),
    Split: scoped([], 'any', split),
  },
}
