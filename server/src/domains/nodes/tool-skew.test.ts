import { describe, expect, it } from 'vitest'
import { evenPlanes } from './control-plane-count.ts'
import { skewWarning } from './tool-skew.ts'

describe('a talosctl beside the Talos of a machine', () => {
  it.each([
    ['v1.11.5', 'v1.11.0'],
    ['v1.12.0', 'v1.11.5'],
    ['v1.10.8', 'v1.11.5'],
    [undefined, 'v1.11.5'],
    ['v1.11.5', undefined],
  ])('%s fits %s, or nobody can tell', (tool, machine) => {
    expect(skewWarning(tool, machine, 'control-1')).toBeUndefined()
  })

  it.each([
    ['v1.13.0', 'v1.11.5', 'newer'],
    ['v1.9.1', 'v1.11.5', 'older'],
    ['v2.0.0', 'v1.13.0', 'newer'],
    ['v1.13.0-alpha.1', 'v1.11.5', 'newer'],
  ])('%s is too far from %s (%s), with what to install', (tool, machine, word) => {
    expect(skewWarning(tool, machine, 'control-1')).toMatch(
      new RegExp(`${tool}, ${word} than the Talos ${machine} of control-1 .*Install talosctl ${machine}`),
    )
  })
})

describe('the number of control planes', () => {
  it('is warned about when it is even and not none', () => {
    const planes = (count: number) => Array.from({ length: count }, () => ({ role: 'controlplane' as const }))
    expect([0, 1, 3, 5].map((count) => evenPlanes([...planes(count), { role: 'worker' }]))).toEqual(
      Array(4).fill(undefined),
    )
    expect([2, 4].map((count) => evenPlanes(planes(count)))).toEqual([
      expect.stringMatching(/^2 control planes survive no more failures than 1\./),
      expect.stringMatching(/^4 control planes survive no more failures than 3\./),
    ])
  })
})
