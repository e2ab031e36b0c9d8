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
  quantity,
  setOf,
  text,
} from './types.ts'

export const metadata = object({
  ...fields('name generateName namespace uid resourceVersion creationTimestamp deletionTimestamp selfLink', text),
  generation: integer,
  deletionGracePeriodSeconds: integer,
  labels: mapOf(text),
  annotations: mapOf(text),
  finalizers: setOf(text),
  managedFields: listOf(anything),
  ownerReferences: listBy(
    ['uid'],
    object({ ...fields('apiVersion kind name uid', text), ...fields('controller blockOwnerDeletion', boolean) }),
  ),
})

export const labelSelector = object({
  matchLabels: mapOf(text),
  matchExpressions: listOf(object({ ...fields('key operator', text), values: listOf(text) })),
})

const nameRef = object({ name: text, optional: boolean })
const keyRef = object({ name: text, key: text, optional: boolean })
const fieldRef = object({ ...fields('apiVersion fieldPath', text) })
const resourceFieldRef = object({ ...fields('containerName resource', text), divisor: quantity })

const envVar = object({
  ...fields('name value', text),
  valueFrom: object({ secretKeyRef: keyRef, configMapKeyRef: keyRef, fieldRef, resourceFieldRef }),
})

const httpGet = object({
  ...fields('path host scheme', text),
  port: intOrString,
  httpHeaders: listOf(object(fields('name value', text))),
})
const exec = object({ command: listOf(text) })
const tcpSocket = object({ port: intOrString, host: text })
const probe = object({
  ...fields('initialDelaySeconds periodSeconds timeoutSeconds successThreshold failureThreshold', integer),
  terminationGracePeriodSeconds: integer,
  httpGet,
  exec,
  tcpSocket,
  grpc: object({ port: integer, service: text }),
})
const lifecycleHandler = object({ exec, httpGet, tcpSocket, sleep: object({ seconds: integer }) })

const seccompProfile = object(fields('type localhostProfile', text))
const seLinuxOptions = object(fields('user role type level', text))
const containerSecurityContext = object({
  ...fields('privileged allowPrivilegeEscalation readOnlyRootFilesystem runAsNonRoot', boolean),
  ...fields('runAsUser runAsGroup', integer),
  capabilities: object(fields('add drop', listOf(text))),
  procMount: text,
  seccompProfile,
  appArmorProfile: seccompProfile,
  seLinuxOptions,
  windowsOptions: anything,
})

const resources = object({
  requests: mapOf(quantity),
  limits: mapOf(quantity),
  claims: listBy(['name'], object(fields('name request', text))),
})

const container = object({
  ...fields(
    'name image imagePullPolicy workingDir terminationMessagePath terminationMessagePolicy restartPolicy',
    text,
  ),
  ...fields('stdin stdinOnce tty', boolean),
  ...fields('command args', listOf(text)),
  env: listBy(['name'], envVar),
  envFrom: listOf(object({ prefix: text, configMapRef: nameRef, secretRef: nameRef })),
  ports: listBy(
    ['containerPort', 'protocol'],
    object({ ...fields('name protocol hostIP', text), ...fields('containerPort hostPort', integer) }),
  ),
  resources,
  resizePolicy: listOf(object(fields('resourceName restartPolicy', text))),
  volumeMounts: listBy(
    ['mountPath'],
    object({
      ...fields('name mountPath subPath subPathExpr mountPropagation recursiveReadOnly', text),
      readOnly: boolean,
    }),
  ),
  volumeDevices: listBy(['devicePath'], object(fields('name devicePath', text))),
  ...fields('livenessProbe readinessProbe startupProbe', probe),
  lifecycle: object({ ...fields('postStart preStop', lifecycleHandler), stopSignal: text }),
  securityContext: containerSecurityContext,
})

const keyToPath = listOf(object({ ...fields('key path', text), mode: integer }))
const downwardItems = listOf(object({ path: text, mode: integer, fieldRef, resourceFieldRef }))
const secretProjection = object({ name: text, optional: boolean, items: keyToPath })

/** `spec` of a PersistentVolumeClaim, also inside ephemeral volumes and volumeClaimTemplates. */
export const claimSpec = object({
  accessModes: listOf(text),
  resources: object({ requests: mapOf(quantity), limits: mapOf(quantity) }),
  ...fields('storageClassName volumeMode volumeName volumeAttributesClassName', text),
  selector: labelSelector,
  ...fields('dataSource dataSourceRef', object(fields('apiGroup kind name namespace', text))),
})

const volume = object({
  name: text,
  emptyDir: object({ medium: text, sizeLimit: quantity }),
  hostPath: object(fields('path type', text)),
  configMap: object({ name: text, optional: boolean, defaultMode: integer, items: keyToPath }),
  secret: object({ secretName: text, optional: boolean, defaultMode: integer, items: keyToPath }),
  persistentVolumeClaim: object({ claimName: text, readOnly: boolean }),
  nfs: object({ server: text, path: text, readOnly: boolean }),
  csi: object({
    driver: text,
    fsType: text,
    readOnly: boolean,
    volumeAttributes: mapOf(text),
    nodePublishSecretRef: nameRef,
  }),
  downwardAPI: object({ defaultMode: integer, items: downwardItems }),
  projected: object({
    defaultMode: integer,
    sources: listOf(
      object({
        secret: secretProjection,
        configMap: secretProjection,
        downwardAPI: object({ items: downwardItems }),
        serviceAccountToken: object({ audience: text, expirationSeconds: integer, path: text }),
        clusterTrustBundle: anything,
      }),
    ),
  }),
  ephemeral: object({ volumeClaimTemplate: object({ metadata, spec: claimSpec }) }),
  ...fields('iscsi cephfs rbd glusterfs fc image azureFile gcePersistentDisk awsElasticBlockStore', anything),
})

/** The volume types a volume must have exactly one of. */
export const volumeSources: readonly string[] =
  volume.type === 'object' ? Object.keys(volume.fields).filter((name) => name !== 'name') : []

export const podSpec = object({
  containers: listBy(['name'], container),
  initContainers: listBy(['name'], container),
  ephemeralContainers: listOf(anything),
  volumes: listBy(['name'], volume),
  ...fields(
    'restartPolicy dnsPolicy nodeName hostname subdomain schedulerName priorityClassName preemptionPolicy',
    text,
  ),
  ...fields('serviceAccountName serviceAccount runtimeClassName setHostnameAsFQDN', text),
  setHostnameAsFQDN: boolean,
  ...fields('terminationGracePeriodSeconds activeDeadlineSeconds priority', integer),
  ...fields(
    'hostNetwork hostPID hostIPC hostUsers shareProcessNamespace automountServiceAccountToken enableServiceLinks',
    boolean,
  ),
  nodeSelector: mapOf(text),
  affinity: anything,
  tolerations: listOf(object({ ...fields('key operator value effect', text), tolerationSeconds: integer })),
  topologySpreadConstraints: listBy(
    ['topologyKey', 'whenUnsatisfiable'],
    object({
      ...fields('topologyKey whenUnsatisfiable nodeAffinityPolicy nodeTaintsPolicy', text),
      ...fields('maxSkew minDomains', integer),
      matchLabelKeys: listOf(text),
      labelSelector,
    }),
  ),
  imagePullSecrets: listBy(['name'], object({ name: text })),
  hostAliases: listBy(['ip'], object({ ip: text, hostnames: listOf(text) })),
  dnsConfig: object({
    ...fields('nameservers searches', listOf(text)),
    options: listOf(object(fields('name value', text))),
  }),
  securityContext: object({
    ...fields('runAsUser runAsGroup fsGroup', integer),
    ...fields('fsGroupChangePolicy supplementalGroupsPolicy seLinuxChangePolicy', text),
    runAsNonRoot: boolean,
    supplementalGroups: listOf(integer),
    sysctls: listOf(object(fields('name value', text))),
    seccompProfile,
    appArmorProfile: seccompProfile,
    seLinuxOptions,
    windowsOptions: anything,
  }),
  overhead: mapOf(quantity),
  os: object({ name: text }),
  readinessGates: listOf(object({ conditionType: text })),
  schedulingGates: listBy(['name'], object({ name: text })),
  resourceClaims: listBy(['name'], anything),
  resources,
})

export const podTemplate = object({ metadata, spec: podSpec })
