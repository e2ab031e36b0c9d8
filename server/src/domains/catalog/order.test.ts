import { describe, expect, it } from 'vitest'
import { inOrder, withDependencies } from './order.ts'

const items = (...list: [string, ...string[]][]) => list.map(([name, ...dependsOn]) => ({ name, dependsOn }))
const names = (list: { name: string }[]) => list.map(({ name }) => name)

describe('the order of things', () => {
  const tree = items(['d', 'b', 'c'], ['b', 'a'], ['c', 'a'], ['a'], ['lonely'])

  it('puts what is needed first, each once', () => {
    expect(names(inOrder(tree))).toEqual(['a', 'b', 'c', 'd', 'lonely'])
  })

  it('takes only what one of them needs, itself last', () => {
    expect(names(withDependencies(tree, 'c'))).toEqual(['a', 'c'])
    expect(names(withDependencies(tree, 'a'))).toEqual(['a'])
  })

  it('names the members of a circle', () => {
    expect(() => inOrder(items(['a', 'b'], ['b', 'c'], ['c', 'b']))).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.stringContaining('b → c → b') }),
    )
    expect(() => inOrder(items(['a', 'a']))).toThrow(/a → a/)
  })

  it('says who needs what is not there', () => {
    expect(() => withDependencies(items(['ghost', 'mysql']), 'ghost')).toThrow(
      'ghost needs mysql, which is not in the catalog',
    )
    expect(() => withDependencies(tree, 'nothing')).toThrow(/^nothing is not in the catalog/)
  })

  it('is not disturbed by trouble among others', () => {
    expect(names(withDependencies(items(['x', 'y'], ['y', 'x'], ['b', 'a'], ['a']), 'b'))).toEqual(['a', 'b'])
  })
})
