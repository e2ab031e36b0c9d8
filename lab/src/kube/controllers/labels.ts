import type { KubeObject } from '../objects.ts'

interface Requirement {
  key: string
  operator: string
  values?: string[]
}
export interface LabelSelector {
  matchLabels?: Record<string, string>
  matchExpressions?: Requirement[]
}

type Labels = Record<string, string>

/** Whether labels have every given pair. */
export const hasLabels = (labels: Labels | undefined, wanted: Labels): boolean =>
  Object.entries(wanted).every(([key, value]) => labels?.[key] === value)

function meets(labels: Labels, { key, operator, values = [] }: Requirement): boolean {
  const value = labels[key]
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return Number(value) > Number(values[0])
    case 'Lt':
      return Number(value) < Number(values[0])
    default:
      return false
  }
}

/** Whether labels satisfy a selector; an empty selector selects everything, none selects nothing. */
export function selects(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (selector === undefined) return false
  const expressions = selector.matchExpressions ?? []
  return hasLabels(labels, selector.matchLabels ?? {}) && expressions.every((one) => meets(labels ?? {}, one))
}

/** Whether a pod may be on a node by its nodeSelector and its required node affinity. */
export function nodeSuits(podSpec: KubeObject['spec'], node: KubeObject): boolean {
  const labels = node.metadata.labels ?? {}
  if (!hasLabels(labels, podSpec.nodeSelector ?? {})) return false
  const required = podSpec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return required === undefined || matchesNodeTerms(required.nodeSelectorTerms ?? [], node)
}

/** Whether a node meets one of the terms of a node selector (pods' affinity, volumes' node affinity). */
export function matchesNodeTerms(
  terms: { matchExpressions?: Requirement[]; matchFields?: Requirement[] }[],
  node: KubeObject,
): boolean {
  const fields = { 'metadata.name': node.metadata.name }
  return terms.some(
    ({ matchExpressions = [], matchFields = [] }) =>
      matchExpressions.every((one) => meets(node.metadata.labels ?? {}, one)) &&
      matchFields.every((one) => meets(fields, one)),
  )
}

export interface Taint {
  key: string
  value?: string
  effect: string
}

/** Whether one of the tolerations lets a pod live with the taint. */
export const tolerates = (
  tolerations: { key?: string; operator?: string; value?: string; effect?: string }[] | undefined,
  taint: Taint,
): boolean =>
  (tolerations ?? []).some(({ key = '', operator = 'Equal', value = '', effect = '' }) => {
    if (effect !== '' && effect !== taint.effect) return false
    if (key === '') return operator === 'Exists'
    return key === taint.key && (operator === 'Exists' || value === (taint.value ?? ''))
  })
