/** Stations of the way from nothing to the first app, in order; the address of each is its name. */
export const stations = ['name', 'network', 'machines', 'review', 'build', 'services', 'apps'] as const

export type Station = (typeof stations)[number]

/** What is looked at to tell how far an instance is. */
export interface Found {
  phases: readonly { name: string; complete: boolean }[]
  nodes: readonly { maintenance: boolean; status: string }[]
  clusterStatus: string
  atWork: readonly { type: string }[]
}

/** Pure: the station an instance is at, from how things are; nothing is remembered. */
export function stationOf({ phases, nodes, clusterStatus, atWork }: Found): Station {
  const complete = (name: string) => phases.some((phase) => phase.name === name && phase.complete)
  if (!complete('setup')) return 'network'
  if (atWork.some(({ type }) => ['node.setup', 'cluster.bootstrap'].includes(type))) return 'build'
  if (nodes.length === 0) return 'machines'
  if (nodes.every(({ maintenance }) => maintenance)) return 'review'
  if (clusterStatus === 'not_bootstrapped' || clusterStatus === 'bootstrapping') return 'build'
  return complete('services') ? 'apps' : 'services'
}

/** Pure: what to say about a choice of machines; `ok` tells whether it can be built. */
export function adviceOn(
  planes: number,
  workers: number,
): { ok: boolean; about: 'none' | 'noPlane' | 'one' | 'even' | 'good' } {
  if (planes + workers === 0) return { ok: false, about: 'none' }
  if (planes === 0) return { ok: false, about: 'noPlane' }
  if (planes === 1) return { ok: true, about: 'one' }
  return { ok: true, about: planes % 2 ? 'good' : 'even' }
}
