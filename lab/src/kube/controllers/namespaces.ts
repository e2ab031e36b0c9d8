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
