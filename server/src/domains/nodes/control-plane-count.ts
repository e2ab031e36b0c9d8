import type { Assignment } from './assign/plan.ts'
import type { NodeRecord } from './model.ts'

/** `evenCount` of the control planes among these nodes. */
export function evenPlanes(records: Pick<NodeRecord, 'role'>[]): string | undefined {
  return evenCount(records.filter(({ role }) => role === 'controlplane').length)
}

/** How many of so many control planes have to work together: without them etcd decides nothing. */
export const majorityOf = (planes: number): number => Math.floor(planes / 2) + 1

/** What an even number of control planes means, for a person; undefined for none, or an odd number. */
export function evenCount(count: number): string | undefined {
  if (count === 0 || count % 2) return undefined
  return `${count} control planes survive no more failures than ${count - 1}. One more, or one fewer, is better.`
}

/** The assignments, with what they would make of the nodes that are written down already told at each control plane. */
export function withPlaneCount(assignments: Assignment[], existing: NodeRecord[]): Assignment[] {
  const added = assignments.filter((each) => !each.existing).map(({ record }) => record)
  const warning = evenPlanes([...existing, ...added])
  return assignments.map((each) => (each.record.role === 'controlplane' ? { ...each, warning } : each))
}
