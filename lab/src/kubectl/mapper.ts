import type { Client } from './client.ts'
import { CommandError } from './errors.ts'

/** A resource type as discovery tells it. */
export interface Mapping {
  group: string
  version: string
  kind: string
  plural: string
  singular: string
  shortNames: string[]
  namespaced: boolean
}

/** Finds resource types by what people and manifests call them. */
export interface Mapper {
  /** `deploy`, `deployments.apps`, `Deployment`; throws when the server has none. */
  byName(name: string): Mapping
  byKind(apiVersion: string, kind: string): Mapping | undefined
}

interface DiscoveredResource {
  resource: string
  responseKind: { kind: string }
  scope: string
  singularResource: string
  shortNames?: string[]
}

interface Discovered {
  items: { metadata: { name?: string }; versions: { version: string; resources: DiscoveredResource[] }[] }[]
}

const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'

const mappingsOf = ({ items }: Discovered): Mapping[] =>
  items.flatMap(({ metadata, versions }) =>
    versions.flatMap(({ version, resources }) =>
      resources.map(({ resource, responseKind, scope, singularResource, shortNames = [] }) => ({
        group: metadata.name ?? '',
        version,
        kind: responseKind.kind,
        plural: resource,
        singular: singularResource,
        shortNames,
        namespaced: scope === 'Namespaced',
      })),
    ),
  )

function matches(mapping: Mapping, wanted: string): boolean {
  const [name = '', ...rest] = wanted.split('.')
  const names = [mapping.plural, mapping.singular, mapping.kind.toLowerCase(), ...mapping.shortNames]
  if (!names.includes(name.toLowerCase())) return false
  const group = rest.join('.')
  return (
    rest.length === 0 ||
    group === mapping.group ||
    group === `${mapping.version}.${mapping.group}` ||
    (group === mapping.version && mapping.group === '')
  )
}

/** Asks the server what it has. */
export async function discover(client: Client): Promise<Mapper> {
  const [core, groups] = await Promise.all([
    client.json({ path: '/api', accept }),
    client.json({ path: '/apis', accept }),
  ])
  const all = [...mappingsOf(core as Discovered), ...mappingsOf(groups as Discovered)]
  return {
    byName: (name) => {
      const found = all.find((mapping) => matches(mapping, name))
      if (found === undefined) throw new CommandError(`the server doesn't have a resource type "${name}"`)
      return found
    },
    byKind: (apiVersion, kind) =>
      all.find(
        (one) => one.kind === kind && (one.group === '' ? one.version : `${one.group}/${one.version}`) === apiVersion,
      ),
  }
}

/** The path of a collection, or of one object in it. Names come from people: they are escaped. */
export function pathOf(
  { group, version, plural, namespaced }: Mapping,
  namespace: string | undefined,
  name?: string,
): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  const where = namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : ''
  return `${root}${where}/${plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`
}

/** `deployment.apps/web`: how kubectl names an object it did something to. */
export const shownName = ({ kind, group }: Mapping, name: string): string =>
  `${kind.toLowerCase()}${group === '' ? '' : `.${group}`}/${name}`
