import { expect, test } from 'vitest'
import { FunctionFailure } from '../errors.ts'
import { Regex } from './regex.ts'

function matches(pattern: string, text: string): string[] {
  const characters = [...text]
  return new Regex(pattern).findAll(characters, -1).map(([from, to]) => characters.slice(from, to).join(''))
}

test('the first alternative that fits wins', () => {
  expect(matches('a|ab', 'ab')).toEqual(['a'])
  expect(matches('(?:a|ab)c', 'abc')).toEqual(['abc'])
})

test('greedy and lazy repetition differ', () => {
  expect(matches('a+', 'aaa')).toEqual(['aaa'])
  expect(matches('a+?', 'aaa')).toEqual(['a', 'a', 'a'])
  expect(matches('a{2}', 'aaaaa')).toEqual(['aa', 'aa'])
})

test('classes, anchors, flags and quotations work', () => {
  expect(matches('[[:alpha:]]+', 'ab1é')).toEqual(['ab'])
  expect(matches('\\pL+', 'ab1é')).toEqual(['ab', 'é'])
  expect(matches('(?m)^\\w', 'a\nb')).toEqual(['a', 'b'])
  expect(matches('(?i)ab', 'xAB')).toEqual(['AB'])
  expect(matches('\\Qa.b\\E+', 'a.bb a-b')).toEqual(['a.bb'])
})

test('groups are remembered by name', () => {
  const regex = new Regex('(?P<host>\\w+)\\.(\\w+)')
  expect(regex.groupNames).toEqual(['', 'host', ''])
  expect(regex.findAll([...'a.b'], 1)).toEqual([[0, 3, 0, 1, 2, 3]])
})

test('a pattern that ruins backtracking engines takes no time', () => {
  expect(matches('^(a+)+$', `${'a'.repeat(2000)}b`)).toEqual([])
})

test.each([
  ['(', 'missing closing ): `(`'],
  ['a)', 'unexpected ): `a)`'],
  ['[a', 'missing closing ]: `[a`'],
  ['*a', 'missing argument to repetition operator: `*`'],
  ['a**', 'invalid nested repetition operator: `**`'],
  ['a{1001}', 'invalid repeat count: `{1001}`'],
  ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
  ['\\1', 'invalid escape sequence: `\\1`'],
])('%s is refused in the words Go uses', (pattern, message) => {
  expect(() => new Regex(pattern)).toThrow(new FunctionFailure(`error parsing regexp: ${message}`))
})
