import { describe, expect, it } from 'vitest'
import { countOf, quantity } from '../quantity.ts'
import { matchesNodeTerms, selects, tolerates } from './labels.ts'

describe('selectors', () => {
  it('need every pair and every expression', () => {
    const labels = { app: 'web', tier: 'front' }
    expect(selects({ matchLabels: { app: 'web' } }, labels)).toBe(true)
    expect(selects({ matchLabels: { app: 'db' } }, labels)).toBe(false)
    expect(selects({ matchExpressions: [{ key: 'tier', operator: 'In', values: ['front', 'back'] }] }, labels)).toBe(
      true,
    )
    expect(selects({ matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, labels)).toBe(false)
    expect(selects({}, labels)).toBe(true)
    expect(selects(undefined, labels)).toBe(false)
  })

  it('of nodes match when one term does, by label or by name', () => {
    const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'worker-1', labels: { cpus: '8' } } }
    const byName = { matchFields: [{ key: 'metadata.name', operator: 'In', values: ['worker-1'] }] }
    expect(
      matchesNodeTerms([{ matchExpressions: [{ key: 'cpus', operator: 'Gt', values: ['16'] }] }, byName], node),
    ).toBe(true)
    expect(matchesNodeTerms([], node)).toBe(false)
  })
})

it('tolerations match by key, value and effect, or everything', () => {
  const taint = { key: 'gpu', value: 'yes', effect: 'NoSchedule' }
  expect(tolerates([{ operator: 'Exists' }], taint)).toBe(true)
  expect(tolerates([{ key: 'gpu', operator: 'Exists', effect: 'NoExecute' }], taint)).toBe(false)
  expect(tolerates([{ key: 'gpu', value: 'yes' }], taint)).toBe(true)
  expect(tolerates([{ key: 'gpu', value: 'no' }], taint)).toBe(false)
  expect(tolerates(undefined, taint)).toBe(false)
})

it('quantities and percentages are numbers', () => {
  expect(quantity('500m')).toBe(0.5)
  expect(quantity('10Gi')).toBe(10 * 2 ** 30)
  expect(quantity(2)).toBe(2)
  expect(quantity('many')).toBe(0)
  expect(countOf('25%', 3, Math.ceil)).toBe(1)
  expect(countOf('25%', 3, Math.floor)).toBe(0)
  expect(countOf(2, 3, Math.floor)).toBe(2)
})
