import { expect, it } from 'vitest'
import { firstLoads, weightLimit } from './weight.ts'

it('no page needs more JavaScript for its first load than the limit', () => {
  const loads = firstLoads()
  expect(loads.length).toBeGreaterThan(20)
  expect(loads.filter(({ bytes }) => bytes > weightLimit)).toEqual([])
})
