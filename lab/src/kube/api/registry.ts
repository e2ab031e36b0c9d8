import type { KubeObject, ObjectStore } from '../objects.ts'
import { apiVersionOf, builtinResources, type Resource } from '../resources.ts'
import { customSchema } from './schema/custom.ts'
import { builtinSchema } from './schema/kinds.ts'
import { anything, type Schema } from './schema/types.ts'

interface CrdVersion {
  name: string
  served: boolean
  storage: boolean
  schema?: { openAPIV3Schema?: unknown }
  subresources?: { status?: unknown }
}

const hasCondition = (object: KubeObject, type: string): boolean =>
  ((object.status?.conditions ?? []) as { type: string; status: string }[]).some(
    (condition) => condition.type === type && condition.status === 'True',
  )

const established = (objects: ObjectStore): KubeObject[] =>
  objects.list('CustomResourceDefinition').filter((definition) => hasCondition(definition, 'Established'))

const versionsOf = (definition: KubeObject): CrdVersion[] =>
  ((definition.spec.versions ?? []) as CrdVersion[]).filter(({ served }) => served)

/** The resources a CustomResourceDefinition adds, one per served version, the stored version first. */
export function customResources(definition: KubeObject): Resource[] {
  const { group, names, scope } = definition.spec
  const versions = versionsOf(definition).sort((one, other) => Number(other.storage) - Number(one.storage))
  return versions.map(({ name, subresources }) => ({
    group,
    version: name,
    kind: names.kind,
    plural: names.plural,
    singular: names.singular ?? String(names.kind).toLowerCase(),
    shortNames: names.shortNames ?? [],
    namespaced: scope === 'Namespaced',
    status: subresources?.status !== undefined,
    custom: true,
  }))
}

/** What the API of a cluster serves at this moment: the built-in resources and those of established definitions. */
export interface Registry {
  all(): Resource[]
  find(group: string, version: string, plural: string): Resource | undefined
  /** How objects of a resource look; `anything` for kinds whose fields are not checked. */
  schema(resource: Resource): Schema
  /** The `openAPIV3Schema` of a custom resource. */
  openApi(resource: Resource): unknown
}

/** Looks definitions up at every call, so that a new one counts at once. */
export function createRegistry(objects: ObjectStore): Registry {
  const openApi = (resource: Resource): unknown => {
    const definition = objects.get('CustomResourceDefinition', undefined, `${resource.plural}.${resource.group}`)
    return definition && versionsOf(definition).find(({ name }) => name === resource.version)?.schema?.openAPIV3Schema
  }
  const all = () => [...builtinResources, ...established(objects).flatMap(customResources)]
  return {
    all,
    openApi,
    find: (group, version, plural) =>
      all().find((one) => one.group === group && one.version === version && one.plural === plural),
    schema: (resource) =>
      resource.custom
        ? customSchema(openApi(resource))
        : (builtinSchema(apiVersionOf(resource), resource.kind) ?? anything),
  }
}
