import type { KubeObject } from '../objects.ts'
import type { ApiContext } from './context.ts'

interface Names {
  plural: string
  singular: string
  shortNames?: string[]
  kind: string
  listKind: string
}

/** The names a definition asks for, those it does not say included. */
const namesOf = ({ spec }: KubeObject): Names => ({
  singular: spec.names.kind.toLowerCase(),
  listKind: `${spec.names.kind}List`,
  ...spec.names,
})

const isTrue = ({ status }: KubeObject, type: string): boolean =>
  ((status?.conditions ?? []) as { type: string; status: string }[]).some(
    (condition) => condition.type === type && condition.status === 'True',
  )

/** Whether the API still has to decide about a definition, or decided against it. */
export const isOpen = (definition: KubeObject): boolean => !isTrue(definition, 'Established')

/** What speaks against its names: another definition of its group has one of them. As the API server words it. */
function conflict(definition: KubeObject, others: KubeObject[]): { reason: string; message: string } | undefined {
  const taken = others.map((other) => other.status?.acceptedNames as Names)
  const resources = new Set(taken.flatMap(({ plural, singular, shortNames = [] }) => [plural, singular, ...shortNames]))
  const kinds = new Set(taken.flatMap(({ kind, listKind }) => [kind, listKind]))
  const { plural, singular, shortNames = [], kind, listKind } = namesOf(definition)
  const found = [
    { reason: 'PluralConflict', names: [plural], used: resources },
    { reason: 'SingularConflict', names: [singular], used: resources },
    { reason: 'ShortNamesConflict', names: shortNames, used: resources },
    { reason: 'KindConflict', names: [kind], used: kinds },
    { reason: 'ListKindConflict', names: [listKind], used: kinds },
  ].flatMap(({ reason, names, used }) => names.filter((name) => used.has(name)).map((name) => ({ reason, name })))
  const last = found.at(-1)
  return last && { reason: last.reason, message: `"${last.name}" is already in use` }
}

/** Accepts the names of a definition and serves it, or says which name another one has. */
export function establish({ objects, clock }: ApiContext, name: string): void {
  const definition = objects.get('CustomResourceDefinition', undefined, name)
  if (definition === undefined || !isOpen(definition)) return
  const others = objects
    .list('CustomResourceDefinition')
    .filter((other) => other.spec.group === definition.spec.group && isTrue(other, 'NamesAccepted'))
  const against = conflict(definition, others)
  const lastTransitionTime = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`
  const condition = (type: string, yes: boolean, reason: string, message: string) => ({
    type,
    status: yes ? 'True' : 'False',
    reason,
    message,
    lastTransitionTime,
  })
  const { versions } = definition.spec as { versions: { name: string; storage: boolean }[] }
  objects.updateStatus(definition, {
    acceptedNames: against ? { plural: '', kind: '' } : namesOf(definition),
    conditions: against
      ? [
          condition('NamesAccepted', false, against.reason, against.message),
          condition('Established', false, 'NotAccepted', 'not all names are accepted'),
        ]
      : [
          condition('NamesAccepted', true, 'NoConflicts', 'no conflicts found'),
          condition('Established', true, 'InitialNamesAccepted', 'the initial names have been accepted'),
        ],
    storedVersions: versions.filter(({ storage }) => storage).map((version) => version.name),
  })
}
