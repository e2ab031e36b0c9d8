import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byDepth, holds } from '../testing/properties.ts'
import { formatYamlPath, parseYamlPath, valueAt } from './yaml-path.ts'

const runs = byDepth({ quick: 500, ci: 5_000, full: 20_000 })
const forbidden = ['', '__proto__', 'prototype', 'constructor']
const key = fc
  .oneof(fc.string({ unit: fc.constantFrom(...'ab-_.[]"\\ \n0') }), fc.string({ unit: 'binary' }))
  .filter((text) => !forbidden.includes(text) && !text.includes('\0'))
const segments = fc
  .tuple(key, fc.array(fc.oneof(key, fc.nat({ max: 999_999 })), { maxLength: 10 }))
  .map(([first, rest]) => [first, ...rest])

describe('a path', () => {
  it('reads as what was written, whatever the keys hold', () =>
    holds(runs, segments, (path) => {
      expect(parseYamlPath(formatYamlPath(path))).toEqual(path)
    }))

  it('leads to the value that was put there', () =>
    holds(runs, fc.tuple(segments, fc.jsonValue({ maxDepth: 1 })), ([path, value]) => {
      const tree = path.reduceRight<unknown>((inner, segment) => {
        if (typeof segment === 'string') return { [segment]: inner }
        const list: unknown[] = []
        list[segment] = inner
        return list
      }, value)
      expect(valueAt(tree, path)).toEqual(value)
    }))

  it('is read or refused with a reason, never anything else', () =>
    holds(runs, fc.string({ unit: fc.constantFrom(...'ab._[]"\\ 01\n') }), (text) => {
      try {
        const path = parseYamlPath(text)
        expect(parseYamlPath(formatYamlPath(path))).toEqual(path)
      } catch (error) {
        expect(error).toMatchObject({ code: 'INVALID_INPUT', details: { field: 'path' } })
      }
    }))
})
