import { storedKind } from '../object-store.ts'
import type { KubeObject } from '../objects.ts'
import type { ControllerContext, Reconciler } from './context.ts'

function ensure({ objects }: ControllerContext, object: KubeObject): void {
  const { kind, metadata } = object
  if (objects.get(kind, metadata.namespace, metadata.name) === undefined) objects.create(object)
}

function furnish(context: ControllerContext, namespace: KubeObject): void {
  const { cluster } = context
  const { name } = namespace.metadata
  ensure(context, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } })
  ensure(context, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'kube-root-ca.crt', namespace: name },
    data: { 'ca.crt': cluster.ca.crt },
  })
}

/** A definition that was to go goes with the last object of it. */
export const definitions: Reconciler = {
  name: 'definitions',
  watches: ['CustomResourceDefinition', 'Job'],
  reconcile: ({ objects }) => {
    for (const definition of objects.list('CustomResourceDefinition')) {
      if (definition.metadata.deletionTimestamp === undefined) continue
      const { group, names, versions } = definition.spec
      const kind = storedKind(`${group}/${versions[0].name}`, names.kind)
      if (objects.list(kind).length === 0) objects.delete(definition.kind, undefined, definition.metadata.name)
    }
  },
}

/** What every namespace has: its default account and the cluster's CA. */
export const namespaces: Reconciler = {
  name: 'namespaces',
  watches: ['Namespace', 'ServiceAccount', 'ConfigMap', 'ClusterView'],
  reconcile: (context) => {
    for (const namespace of context.objects.list('Namespace')) {
      if (namespace.metadata.deletionTimestamp === undefined) furnish(context, namespace)
    }
  },
}
