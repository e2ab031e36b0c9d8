import { describe, expect, it } from 'vitest'
import type { KubeObject, ObjectStore } from '../objects.ts'
import type { ApiContext } from './context.ts'
import { establish } from './definitions.ts'

const definition = (name: string, names: object, status?: object): KubeObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name } as KubeObject['metadata'],
  spec: { group: name.replace(/^[^.]*\./, ''), names, versions: [{ name: 'v1', storage: true }] },
  ...(status ? { status } : {}),
})

/** The conditions of the second once both were looked at, in this order. */
function conditionsAfter(...definitions: KubeObject[]): string[] {
  const objects = {
    get: (_kind: string, _namespace: undefined, name: string) =>
      definitions.find(({ metadata }) => metadata.name === name),
    list: () => definitions,
    updateStatus: (object: KubeObject, status: object) => Object.assign(object, { status }),
  } as unknown as ObjectStore
  for (const { metadata } of definitions)
    establish({ objects, clock: { now: () => 0 } } as unknown as ApiContext, metadata.name)
  const conditions = definitions.at(-1)!.status.conditions as Record<string, string>[]
  return conditions.map(({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`)
}

const pools = definition('pools.metallb.io', { plural: 'pools', kind: 'Pool', shortNames: ['po'] })

describe('the names of a resource definition', () => {
  it('are accepted while nobody has them, in another group too', () => {
    const same = definition('pools.other.io', { plural: 'pools', kind: 'Pool' })
    expect(conditionsAfter(structuredClone(pools), same)).toEqual([
      'NamesAccepted True NoConflicts: no conflicts found',
      'Established True InitialNamesAccepted: the initial names have been accepted',
    ])
  })

  it.each([
    [{ plural: 'ponds', kind: 'Pool' }, 'ListKindConflict', 'PoolList'],
    [{ plural: 'ponds', kind: 'Pond', shortNames: ['po'] }, 'ShortNamesConflict', 'po'],
    [{ plural: 'ponds', kind: 'Pond', singular: 'pool' }, 'SingularConflict', 'pool'],
  ])('are refused while another definition of the group has one: %j', (names, reason, name) => {
    expect(conditionsAfter(structuredClone(pools), definition('ponds.metallb.io', names))).toEqual([
      `NamesAccepted False ${reason}: "${name}" is already in use`,
      'Established False NotAccepted: not all names are accepted',
    ])
  })
})
