/** One resource type of the API: what discovery tells about it. */
export interface Resource {
  group: string
  version: string
  kind: string
  plural: string
  singular: string
  shortNames: string[]
  namespaced: boolean
  /** Has a `status` subresource: writes to the object leave its status alone. */
  status: boolean
  /** True for resources that came with a CustomResourceDefinition. */
  custom?: boolean
}

type Row = [plural: string, kind: string, namespaced: boolean, shortNames?: string, more?: 'status']

const core: Row[] = [
  ['bindings', 'Binding', true],
  ['configmaps', 'ConfigMap', true, 'cm'],
  ['endpoints', 'Endpoints', true, 'ep'],
  ['events', 'Event', true, 'ev'],
  ['limitranges', 'LimitRange', true, 'limits'],
  ['namespaces', 'Namespace', false, 'ns', 'status'],
  ['nodes', 'Node', false, 'no', 'status'],
  ['persistentvolumeclaims', 'PersistentVolumeClaim', true, 'pvc', 'status'],
  ['persistentvolumes', 'PersistentVolume', false, 'pv', 'status'],
  ['pods', 'Pod', true, 'po', 'status'],
  ['podtemplates', 'PodTemplate', true],
  ['replicationcontrollers', 'ReplicationController', true, 'rc', 'status'],
  ['resourcequotas', 'ResourceQuota', true, 'quota', 'status'],
  ['secrets', 'Secret', true],
  ['serviceaccounts', 'ServiceAccount', true, 'sa'],
  ['services', 'Service', true, 'svc', 'status'],
]

const groups: Record<string, Row[]> = {
  'admissionregistration.k8s.io/v1': [
    ['mutatingwebhookconfigurations', 'MutatingWebhookConfiguration', false],
    ['validatingadmissionpolicies', 'ValidatingAdmissionPolicy', false, '', 'status'],
    ['validatingadmissionpolicybindings', 'ValidatingAdmissionPolicyBinding', false],
    ['validatingwebhookconfigurations', 'ValidatingWebhookConfiguration', false],
  ],
  'apiextensions.k8s.io/v1': [['customresourcedefinitions', 'CustomResourceDefinition', false, 'crd,crds', 'status']],
  'apiregistration.k8s.io/v1': [['apiservices', 'APIService', false, '', 'status']],
  'apps/v1': [
    ['controllerrevisions', 'ControllerRevision', true],
    ['daemonsets', 'DaemonSet', true, 'ds', 'status'],
    ['deployments', 'Deployment', true, 'deploy', 'status'],
    ['replicasets', 'ReplicaSet', true, 'rs', 'status'],
    ['statefulsets', 'StatefulSet', true, 'sts', 'status'],
  ],
  'autoscaling/v2': [['horizontalpodautoscalers', 'HorizontalPodAutoscaler', true, 'hpa', 'status']],
  'batch/v1': [
    ['cronjobs', 'CronJob', true, 'cj', 'status'],
    ['jobs', 'Job', true, '', 'status'],
  ],
  'certificates.k8s.io/v1': [['certificatesigningrequests', 'CertificateSigningRequest', false, 'csr', 'status']],
  'coordination.k8s.io/v1': [['leases', 'Lease', true]],
  'discovery.k8s.io/v1': [['endpointslices', 'EndpointSlice', true]],
  'events.k8s.io/v1': [['events', 'Event', true, 'ev']],
  'flowcontrol.apiserver.k8s.io/v1': [
    ['flowschemas', 'FlowSchema', false, '', 'status'],
    ['prioritylevelconfigurations', 'PriorityLevelConfiguration', false, '', 'status'],
  ],
  'networking.k8s.io/v1': [
    ['ingressclasses', 'IngressClass', false],
    ['ingresses', 'Ingress', true, 'ing', 'status'],
    ['networkpolicies', 'NetworkPolicy', true, 'netpol'],
  ],
  'node.k8s.io/v1': [['runtimeclasses', 'RuntimeClass', false]],
  'policy/v1': [['poddisruptionbudgets', 'PodDisruptionBudget', true, 'pdb', 'status']],
  'rbac.authorization.k8s.io/v1': [
    ['clusterrolebindings', 'ClusterRoleBinding', false],
    ['clusterroles', 'ClusterRole', false],
    ['rolebindings', 'RoleBinding', true],
    ['roles', 'Role', true],
  ],
  'scheduling.k8s.io/v1': [['priorityclasses', 'PriorityClass', false, 'pc']],
  'storage.k8s.io/v1': [
    ['csidrivers', 'CSIDriver', false],
    ['csinodes', 'CSINode', false],
    ['csistoragecapacities', 'CSIStorageCapacity', true],
    ['storageclasses', 'StorageClass', false, 'sc'],
    ['volumeattachments', 'VolumeAttachment', false, '', 'status'],
  ],
}

function resource(group: string, version: string, [plural, kind, namespaced, shortNames = '', more]: Row): Resource {
  const short = shortNames === '' ? [] : shortNames.split(',')
  const status = more === 'status'
  return { group, version, kind, plural, singular: kind.toLowerCase(), shortNames: short, namespaced, status }
}

/** Everything the API serves before a CustomResourceDefinition is installed. */
export const builtinResources: readonly Resource[] = [
  ...core.map((row) => resource('', 'v1', row)),
  ...Object.entries(groups).flatMap(([groupVersion, rows]) => {
    const [group = '', version = ''] = groupVersion.split('/')
    return rows.map((row) => resource(group, version, row))
  }),
]

const groupsByKind = new Map<string, string[]>()
const scopeByKind = new Map<string, boolean>()
for (const { kind, group, namespaced } of builtinResources) {
  groupsByKind.set(kind, [...(groupsByKind.get(kind) ?? []), group])
  scopeByKind.set(kind, namespaced)
}

/** The group of an apiVersion: `apps` of `apps/v1`, the empty string of `v1`. */
export const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? apiVersion.split('/')[0]! : '')

/** `apps/v1`, or `v1` for the core group. */
export const apiVersionOf = (resource: { group: string; version: string }): string =>
  resource.group === '' ? resource.version : `${resource.group}/${resource.version}`

/** The groups that have a built-in kind of this name; undefined when there is none. */
export const builtinGroupOf = (kind: string): readonly string[] | undefined => groupsByKind.get(kind)

/** Whether objects of a built-in kind live in namespaces; undefined for custom kinds. */
export const isNamespacedKind = (kind: string): boolean | undefined => scopeByKind.get(kind)
