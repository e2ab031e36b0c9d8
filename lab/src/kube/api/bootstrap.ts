import type { KubeObject } from '../objects.ts'
import { builtinResources } from '../resources.ts'
import { admit } from './admission/admit.ts'
import type { ApiContext } from './context.ts'

const privileged = {
  'pod-security.kubernetes.io/enforce': 'privileged',
  'pod-security.kubernetes.io/audit': 'privileged',
  'pod-security.kubernetes.io/warn': 'privileged',
}
const rbac = 'rbac.authorization.k8s.io/v1'
const bootstrapping = { 'kubernetes.io/bootstrapping': 'rbac-defaults' }
const everything = [
  { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
  { nonResourceURLs: ['*'], verbs: ['*'] },
]
const reading = [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }]
const writing = [
  { apiGroups: ['', 'apps', 'batch', 'networking.k8s.io', 'policy', 'autoscaling'], resources: ['*'], verbs: ['*'] },
]

const namespace = (name: string, labels = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
})
const clusterRole = (name: string, rules: unknown): KubeObject => ({
  apiVersion: rbac,
  kind: 'ClusterRole',
  metadata: { name, labels: bootstrapping },
  rules,
})

const initial: KubeObject[] = [
  namespace('default'),
  namespace('kube-system', privileged),
  namespace('kube-public'),
  namespace('kube-node-lease'),
  clusterRole('cluster-admin', everything),
  clusterRole('admin', writing),
  clusterRole('edit', writing),
  clusterRole('view', reading),
  {
    apiVersion: rbac,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'cluster-admin', labels: bootstrapping },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:masters' }],
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, targetPort: 6443 }] },
  },
]

/** Creates what every new cluster has; what is already there stays as it is. */
export function bootstrapObjects(context: ApiContext): void {
  for (const object of initial) {
    if (context.objects.get(object.kind, object.metadata.namespace, object.metadata.name) !== undefined) continue
    const resource = builtinResources.find(({ kind }) => kind === object.kind)!
    context.objects.create(admit(context, resource, object, undefined, []))
  }
}
