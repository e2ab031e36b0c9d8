import type { Json, Resource } from './resource.ts'

/** Where a name stands for another resource: the field above, the field with the name, the kind it names. */
const places: Record<string, [field: string, kind: string][]> = {
  configMap: [['name', 'ConfigMap']],
  configMapRef: [['name', 'ConfigMap']],
  configMapKeyRef: [['name', 'ConfigMap']],
  secret: [
    ['secretName', 'Secret'],
    ['name', 'Secret'],
  ],
  secretRef: [['name', 'Secret']],
  secretKeyRef: [['name', 'Secret']],
  imagePullSecrets: [['name', 'Secret']],
  tls: [['secretName', 'Secret']],
  persistentVolumeClaim: [['claimName', 'PersistentVolumeClaim']],
  service: [['name', 'Service']],
}
const byField: Record<string, string> = {
  serviceAccountName: 'ServiceAccount',
  serviceAccount: 'ServiceAccount',
  serviceName: 'Service',
}
const withOwnKind = new Set(['roleRef', 'scaleTargetRef', 'subjects'])

/** Rewrites names that prefixes, suffixes and hashes changed, and the namespaces of what bindings and webhooks name. */
export function fixReferences(resources: Resource[]): void {
  const find = (kind: string, name: unknown, from: Resource): Resource | undefined => {
    const named = resources.filter(({ object, originalName }) => object.kind === kind && originalName === name)
    return named.find(({ object }) => object.metadata.namespace === from.object.metadata.namespace) ?? named[0]
  }
  const point = (node: Json, field: string, kind: string, from: Resource): void => {
    const target = typeof node[field] === 'string' ? find(kind, node[field], from) : undefined
    if (target === undefined) return
    node[field] = target.object.metadata.name
    const moves =
      typeof node.namespace === 'string' &&
      (node.namespace === target.originalNamespace || target.originalNamespace === undefined)
    if (moves && target.object.metadata.namespace !== undefined) node.namespace = target.object.metadata.namespace
  }
  const visit = (node: Json, key: string, from: Resource): void => {
    if (typeof node !== 'object' || node === null) return
    if (!Array.isArray(node)) {
      for (const [field, kind] of places[key] ?? []) point(node, field, kind, from)
      if (withOwnKind.has(key) && typeof node.kind === 'string') point(node, 'name', node.kind, from)
      for (const [field, kind] of Object.entries(byField))
        if (typeof node[field] === 'string') point(node, field, kind, from)
    }
    for (const [name, value] of Object.entries(node)) visit(value, Array.isArray(node) ? key : name, from)
  }
  for (const resource of resources) {
    const { metadata: _metadata, data: _data, stringData: _stringData, ...rest } = resource.object
    if (resource.object.kind !== 'CustomResourceDefinition')
      for (const [name, value] of Object.entries(rest)) visit(value, name, resource)
  }
}
