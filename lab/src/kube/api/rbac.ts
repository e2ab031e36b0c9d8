import type { KubeObject, ObjectStore } from '../objects.ts'
import type { Resource } from '../resources.ts'
import type { Caller } from './context.ts'
import { ApiError } from './status.ts'

interface Rule {
  apiGroups?: string[]
  resources?: string[]
  verbs?: string[]
  resourceNames?: string[]
}

/** What somebody wants to do. */
export interface Attempt {
  verb: string
  resource: Resource
  subresource: string | undefined
  namespace: string | undefined
  name: string | undefined
}

const allows = (list: string[] | undefined, value: string): boolean =>
  list?.some((one) => one === '*' || one === value) ?? false

function ruleAllows(rule: Rule, { verb, resource, subresource, name }: Attempt): boolean {
  const wanted = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`
  const named = rule.resourceNames === undefined || rule.resourceNames.includes(name ?? '')
  return allows(rule.verbs, verb) && allows(rule.apiGroups, resource.group) && allows(rule.resources, wanted) && named
}

function concerns(binding: KubeObject, caller: Caller): boolean {
  const subjects = (binding.subjects ?? []) as { kind: string; name: string; namespace?: string }[]
  return subjects.some(({ kind, name, namespace }) => {
    if (kind === 'Group') return caller.groups.includes(name)
    return caller.name === (kind === 'ServiceAccount' ? `system:serviceaccount:${namespace}:${name}` : name)
  })
}

function rulesOf(objects: ObjectStore, binding: KubeObject): Rule[] {
  const { kind, name } = binding.roleRef as { kind: string; name: string }
  const role = objects.get(kind, kind === 'Role' ? binding.metadata.namespace : undefined, name)
  return (role?.rules ?? []) as Rule[]
}

/** Throws Forbidden unless a role bound to the caller, or being in system:masters, allows the attempt. */
export function authorize(objects: ObjectStore, caller: Caller, attempt: Attempt): void {
  if (caller.groups.includes('system:masters')) return
  const { verb, resource, subresource, namespace, name } = attempt
  const bindings = [
    ...objects.list('ClusterRoleBinding'),
    ...(namespace === undefined ? [] : objects.list('RoleBinding', { namespace })),
  ]
  const rules = bindings.filter((binding) => concerns(binding, caller)).flatMap((binding) => rulesOf(objects, binding))
  if (rules.some((rule) => ruleAllows(rule, attempt))) return
  const what = subresource === undefined ? resource.plural : `${resource.plural}/${subresource}`
  const which = name === undefined ? '' : ` "${name}"`
  const group = resource.group === '' ? '' : `.${resource.group}`
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`
  const text = `${resource.plural}${group}${which} is forbidden: User "${caller.name}" cannot ${verb} resource "${what}" in API group "${resource.group}" ${where}`
  throw new ApiError(403, 'Forbidden', text, {
    ...(name && { name }),
    ...(resource.group && { group: resource.group }),
    kind: resource.plural,
  })
}
