import type { KubeObject } from '../objects.ts'
import { badRequest } from './status.ts'

export type Selector = (object: KubeObject) => boolean

type Term = (labels: Record<string, string>) => boolean

const setForm = /^([^\s!=,()]+)\s+(in|notin)\s+\(([^)]*)\)$/
const equalForm = /^([^\s!=,()]+)\s*(==|!=|=)\s*([^\s,()]*)$/

function term(text: string): Term {
  const set = setForm.exec(text)
  if (set !== null) {
    const values = set[3]!.split(',').map((value) => value.trim())
    return (labels) => values.includes(labels[set[1]!] ?? '\u0000') === (set[2] === 'in')
  }
  const equal = equalForm.exec(text)
  if (equal !== null) return (labels) => (labels[equal[1]!] === equal[3]) === (equal[2] !== '!=')
  if (/^![^\s!=,()]+$/.test(text)) return (labels) => !Object.hasOwn(labels, text.slice(1))
  if (/^[^\s!=,()]+$/.test(text)) return (labels) => Object.hasOwn(labels, text)
  throw badRequest(`unable to parse requirement: found '${text}', expected: label selector`)
}

/** Reads `a=b,c!=d,e in (f,g),!h`; throws BadRequest when it is none. */
export function labelSelector(text: string | null): Selector {
  if (text === null || text.trim() === '') return () => true
  const terms = text.split(/,(?![^(]*\))/).map((part) => term(part.trim()))
  return ({ metadata }) => terms.every((matches) => matches(metadata.labels ?? {}))
}

const everywhere = ['metadata.name', 'metadata.namespace']
const fieldsByKind: Record<string, readonly string[]> = {
  Pod: ['spec.nodeName', 'spec.restartPolicy', 'spec.serviceAccountName', 'status.phase', 'status.podIP'],
  Event: [
    'involvedObject.kind',
    'involvedObject.name',
    'involvedObject.namespace',
    'involvedObject.uid',
    'reason',
    'type',
  ],
  Secret: ['type'],
  Namespace: ['status.phase'],
  Node: ['spec.unschedulable'],
  Job: ['status.successful'],
}

const valueAt = (object: KubeObject, path: string): string =>
  // biome-ignore lint/suspicious/noExplicitAny: a walk through JSON
  String(path.split('.').reduce<any>((value, key) => value?.[key], object) ?? '')

/** Reads `metadata.name=x,status.phase!=Running`; throws BadRequest for fields the kind cannot be selected by. */
export function fieldSelector(text: string | null, kind: string): Selector {
  if (text === null || text.trim() === '') return () => true
  const terms = text.split(',').map((part): Selector => {
    const match = /^([^!=]+)(==|!=|=)(.*)$/.exec(part.trim())
    if (match === null) throw badRequest(`invalid field selector: "${text}"; can't understand '${part}'`)
    const [, path = '', operator, value] = match
    if (![...everywhere, ...(fieldsByKind[kind] ?? [])].includes(path))
      throw badRequest(`field label not supported: ${path}`)
    return (object) => (valueAt(object, path) === value) === (operator !== '!=')
  })
  return (object) => terms.every((matches) => matches(object))
}
