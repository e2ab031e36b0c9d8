import { apiVersionOf, type Resource } from '../resources.ts'
import type { Registry } from './registry.ts'
import { noSuchResource } from './status.ts'

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']
const statusVerbs = ['get', 'patch', 'update']

interface Subresource {
  name: string
  kind: string
  verbs: string[]
  /** Of its kind, where that is another one's than the resource's. */
  group?: string
  version?: string
}

const subresources = (resource: Resource): Subresource[] => [
  ...(resource.status ? [{ name: 'status', kind: resource.kind, verbs: statusVerbs }] : []),
  ...(resource.kind === 'Pod'
    ? [
        { name: 'log', kind: 'Pod', verbs: ['get'] },
        { name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
      ]
    : []),
  ...(resource.kind === 'ServiceAccount' ? [{ name: 'token', kind: 'TokenRequest', verbs: ['create'] }] : []),
]

/** `APIResourceList` of one group and version; throws NotFound for one that is not served. */
export function resourceList(registry: Registry, group: string, version: string): unknown {
  const resources = registry.all().filter((one) => one.group === group && one.version === version)
  if (resources.length === 0) throw noSuchResource()
  const rows = resources.flatMap((resource) => {
    const { plural, singular, namespaced, kind, shortNames } = resource
    const main = {
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs,
      ...(shortNames.length > 0 && { shortNames }),
    }
    const more = subresources(resource).map((sub) => ({
      name: `${plural}/${sub.name}`,
      singularName: '',
      namespaced,
      ...(sub.group === undefined ? {} : { group: sub.group, version: sub.version }),
      kind: sub.kind,
      verbs: sub.verbs,
    }))
    return [main, ...more]
  })
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersionOf({ group, version }), resources: rows }
}

function versionsByGroup(registry: Registry): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { group, version } of registry.all()) {
    const versions = found.get(group) ?? []
    if (!versions.includes(version)) found.set(group, [...versions, version])
  }
  return found
}

/** `APIGroupList`: every group but the core one. */
export function groupList(registry: Registry): { kind: string; apiVersion: string; groups: { name: string }[] } {
  const groups = [...versionsByGroup(registry)].filter(([group]) => group !== '')
  return {
    kind: 'APIGroupList',
    apiVersion: 'v1',
    groups: groups.map(([group, versions]) => {
      const shown = versions.map((version) => ({ groupVersion: `${group}/${version}`, version }))
      return { name: group, versions: shown, preferredVersion: shown[0] }
    }),
  }
}

/** `APIGroup` of one group; throws NotFound. */
export function groupOfName(registry: Registry, name: string): unknown {
  const found = groupList(registry).groups.find((group) => group.name === name)
  if (found === undefined) throw noSuchResource()
  return { kind: 'APIGroup', apiVersion: 'v1', ...found }
}

/** `APIVersions` of the core group. */
export const coreVersions = (address: string): unknown => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
})

/** Everything in one answer (`APIGroupDiscoveryList`): the core group for /api, all others for /apis. */
export function aggregated(registry: Registry, core: boolean): unknown {
  const groups = [...versionsByGroup(registry)].filter(([group]) => (group === '') === core)
  const resources = registry.all()
  const describe = (resource: Resource) => ({
    resource: resource.plural,
    responseKind: { group: resource.group, version: resource.version, kind: resource.kind },
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs,
    ...(resource.shortNames.length > 0 && { shortNames: resource.shortNames }),
    subresources: subresources(resource).map(({ name, kind, verbs: allowed, group, version }) => ({
      subresource: name,
      responseKind: { group: group ?? resource.group, version: version ?? resource.version, kind },
      verbs: allowed,
    })),
  })
  const items = groups.map(([group, versions]) => ({
    metadata: { name: group, creationTimestamp: null },
    versions: versions.map((version) => ({
      version,
      freshness: 'Current',
      resources: resources.filter((one) => one.group === group && one.version === version).map(describe),
    })),
  }))
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items }
}

/** What GET /version answers. */
export function versionInfo(kubernetesVersion: string): Record<string, string> {
  const gitVersion = `v${kubernetesVersion.replace(/^v/, '')}`
  const [major = '1', minor = '0'] = gitVersion.slice(1).split('.')
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    gitVersion,
    gitCommit: '0000000000000000000000000000000000000000',
    gitTreeState: 'clean',
    buildDate: '2025-09-09T19:38:54Z',
    goVersion: 'go1.24.6',
    compiler: 'gc',
    platform: 'linux/amd64',
  }
}
