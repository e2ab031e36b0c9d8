import { builtinGroupOf, groupOf } from '../../resources.ts'
import { claimSpec, labelSelector, metadata, podSpec, podTemplate } from './pod.ts'
import {
  anything,
  boolean,
  fields,
  integer,
  intOrString,
  listBy,
  listOf,
  mapOf,
  object,
  type Schema,
  setOf,
  text,
} from './types.ts'

/** A whole object: the four outer fields and what is given. */
const kind = (more: Record<string, Schema>): Schema =>
  object({ apiVersion: text, kind: text, metadata, status: anything, ...more })

const replicated = {
  ...fields('replicas minReadySeconds revisionHistoryLimit', integer),
  selector: labelSelector,
  template: podTemplate,
}
const rollingUpdate = object({ ...fields('maxSurge maxUnavailable', intOrString), partition: integer })
const updateStrategy = object({ type: text, rollingUpdate })
const claimTemplate = object({ apiVersion: text, kind: text, metadata, spec: claimSpec, status: anything })

const jobSpec = object({
  ...fields('parallelism completions backoffLimit backoffLimitPerIndex maxFailedIndexes', integer),
  ...fields('activeDeadlineSeconds ttlSecondsAfterFinished', integer),
  ...fields('completionMode podReplacementPolicy managedBy', text),
  ...fields('suspend manualSelector', boolean),
  ...fields('podFailurePolicy successPolicy', anything),
  selector: labelSelector,
  template: podTemplate,
})

const backend = object({
  service: object({ name: text, port: object({ name: text, number: integer }) }),
  resource: object(fields('apiGroup kind name', text)),
})
const policyRule = object(fields('apiGroups resources verbs resourceNames nonResourceURLs', listOf(text)))
const binding = kind({
  subjects: listOf(object(fields('kind name namespace apiGroup', text))),
  roleRef: object(fields('apiGroup kind name', text)),
})

const known: Record<string, Schema> = {
  Deployment: kind({
    spec: object({ ...replicated, strategy: updateStrategy, paused: boolean, progressDeadlineSeconds: integer }),
  }),
  ReplicaSet: kind({ spec: object(replicated) }),
  DaemonSet: kind({ spec: object({ ...replicated, updateStrategy }) }),
  StatefulSet: kind({
    spec: object({
      ...replicated,
      ...fields('serviceName podManagementPolicy', text),
      updateStrategy,
      volumeClaimTemplates: listOf(claimTemplate),
      persistentVolumeClaimRetentionPolicy: object(fields('whenDeleted whenScaled', text)),
      ordinals: object({ start: integer }),
    }),
  }),
  Job: kind({ spec: jobSpec }),
  CronJob: kind({
    spec: object({
      ...fields('schedule timeZone concurrencyPolicy', text),
      ...fields('startingDeadlineSeconds successfulJobsHistoryLimit failedJobsHistoryLimit', integer),
      suspend: boolean,
      jobTemplate: object({ metadata, spec: jobSpec }),
    }),
  }),
  Pod: kind({ spec: podSpec }),
  Service: kind({
    spec: object({
      ...fields('type clusterIP externalName sessionAffinity loadBalancerIP loadBalancerClass ipFamilyPolicy', text),
      ...fields('externalTrafficPolicy internalTrafficPolicy trafficDistribution', text),
      ...fields('clusterIPs externalIPs loadBalancerSourceRanges ipFamilies', listOf(text)),
      ...fields('publishNotReadyAddresses allocateLoadBalancerNodePorts', boolean),
      healthCheckNodePort: integer,
      sessionAffinityConfig: anything,
      selector: mapOf(text),
      ports: listBy(
        ['port', 'protocol'],
        object({
          ...fields('name protocol appProtocol', text),
          ...fields('port nodePort', integer),
          targetPort: intOrString,
        }),
      ),
    }),
  }),
  Ingress: kind({
    spec: object({
      ingressClassName: text,
      defaultBackend: backend,
      tls: listOf(object({ hosts: listOf(text), secretName: text })),
      rules: listOf(
        object({ host: text, http: object({ paths: listOf(object({ ...fields('path pathType', text), backend })) }) }),
      ),
    }),
  }),
  IngressClass: kind({
    spec: object({ controller: text, parameters: object(fields('apiGroup kind name namespace scope', text)) }),
  }),
  NetworkPolicy: kind({
    spec: object({
      podSelector: labelSelector,
      policyTypes: listOf(text),
      ...fields('ingress egress', listOf(anything)),
    }),
  }),
  PersistentVolumeClaim: kind({ spec: claimSpec }),
  StorageClass: kind({
    ...fields('provisioner reclaimPolicy volumeBindingMode', text),
    allowVolumeExpansion: boolean,
    parameters: mapOf(text),
    mountOptions: listOf(text),
    allowedTopologies: listOf(anything),
  }),
  Secret: kind({ type: text, immutable: boolean, ...fields('data stringData', mapOf(text)) }),
  ConfigMap: kind({ immutable: boolean, ...fields('data binaryData', mapOf(text)) }),
  Namespace: kind({ spec: object({ finalizers: setOf(text) }) }),
  ServiceAccount: kind({
    automountServiceAccountToken: boolean,
    imagePullSecrets: listOf(object({ name: text })),
    secrets: listBy(['name'], anything),
  }),
  Role: kind({ rules: listOf(policyRule) }),
  ClusterRole: kind({
    rules: listOf(policyRule),
    aggregationRule: object({ clusterRoleSelectors: listOf(labelSelector) }),
  }),
  RoleBinding: binding,
  ClusterRoleBinding: binding,
  PodDisruptionBudget: kind({
    spec: object({
      ...fields('minAvailable maxUnavailable', intOrString),
      selector: labelSelector,
      unhealthyPodEvictionPolicy: text,
    }),
  }),
  PriorityClass: kind({ value: integer, globalDefault: boolean, ...fields('description preemptionPolicy', text) }),
}

/** The fields of a built-in kind; undefined for kinds whose fields are not checked. */
export function builtinSchema(apiVersion: string, kindName: string): Schema | undefined {
  return builtinGroupOf(kindName)?.includes(groupOf(apiVersion)) ? known[kindName] : undefined
}
