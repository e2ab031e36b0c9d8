import { FunctionFailure } from '../errors.ts'
import type { GoObject, Member, Value } from '../values.ts'
import { fixed, variadic } from './declare.ts'

const shape = /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):)?(?:\/\/(?:([^/?#@]*)@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s

/** A URL taken apart, with the fields and methods templates use of Go's *url.URL. */
class GoUrl implements GoObject {
  readonly goType = '*url.URL'
  private readonly text: string
  private readonly members: Record<string, Member>

  constructor(text: string, parts: string[]) {
    const [scheme = '', user = '', host = '', path = '', query = '', fragment = ''] = parts
    const method = (value: Value): Member => ({ method: fixed([], () => value) })
    this.text = text
    const port = /:(\d*)$/.exec(host)?.[1] ?? ''
    const hostname = host.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1')
    this.members = {
      Scheme: { value: scheme.toLowerCase() },
      Host: { value: host },
      Path: { value: decodeURIComponent(path) },
      RawQuery: { value: query },
      Fragment: { value: decodeURIComponent(fragment) },
      User: { value: user },
      Hostname: method(hostname),
      Port: method(port),
      String: method(text),
      IsAbs: method(scheme !== ''),
      EscapedPath: method(path),
      JoinPath: {
        method: variadic([], 'string', (...more) => parseUrl([text.replace(/(?<!\/)\/+$/, ''), ...more].join('/'))),
      },
    }
  }

  toString(): string {
    return this.text
  }

  member(name: string): Member | undefined {
    return Object.hasOwn(this.members, name) ? this.members[name] : undefined
  }
}

/** Parses a URL. Throws FunctionFailure with Go's text when an escape or a character in it is not allowed. */
export function parseUrl(text: string): Value {
  const fail = (problem: string) => new FunctionFailure(`parse ${JSON.stringify(text)}: ${problem}`)
  if (/[\x00-\x1f\x7f]/.test(text)) throw fail('net/url: invalid control character in URL')
  const badEscape = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(text)?.[0]
  if (badEscape) throw fail(`invalid URL escape ${JSON.stringify(badEscape)}`)
  if (text.startsWith(':')) throw fail('missing protocol scheme')
  const parts = shape.exec(text)?.slice(1) ?? []
  try {
    return new GoUrl(text, parts)
  } catch {
    throw fail('invalid URL escape')
  }
}
