import type { KubeObject } from '../objects.ts'

export interface Condition {
  type: string
  status: 'True' | 'False' | 'Unknown'
  reason?: string
  message?: string
  lastTransitionTime?: string
  lastUpdateTime?: string
  [field: string]: unknown
}

/** A moment the way objects show it: RFC 3339, whole seconds. */
export const timestamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`

/**
 * The list with this condition in it. Times change only when the condition does (`lastUpdateTime`, for kinds that
 * have it) or its status (`lastTransitionTime`), so that an unchanged object stays equal.
 */
export function withCondition(
  conditions: Condition[] | undefined,
  next: Condition,
  nowMs: number,
  times: { updated?: boolean } = {},
): Condition[] {
  const list = conditions ?? []
  const known = list.find(({ type }) => type === next.type)
  const same = known?.status === next.status && known.reason === next.reason && known.message === next.message
  if (known !== undefined && same) return list
  const now = timestamp(nowMs)
  const lastTransitionTime = known?.status === next.status ? known.lastTransitionTime : now
  const condition = { ...next, lastTransitionTime, ...(times.updated ? { lastUpdateTime: now } : {}) }
  return known === undefined ? [...list, condition] : list.map((one) => (one.type === next.type ? condition : one))
}

/** The list without conditions of this type. */
export const withoutCondition = (conditions: Condition[] | undefined, type: string): Condition[] =>
  (conditions ?? []).filter((condition) => condition.type !== type)

/** The condition of this type, if the object has it. */
export const conditionOf = (object: KubeObject | undefined, type: string): Condition | undefined =>
  (object?.status?.conditions as Condition[] | undefined)?.find((condition) => condition.type === type)

/** Whether the object's condition of this type is True. */
export const isTrue = (object: KubeObject | undefined, type: string): boolean =>
  conditionOf(object, type)?.status === 'True'
