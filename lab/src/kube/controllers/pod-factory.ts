import { podSecurityLevel, podSecurityViolations } from '../api/pod-security.ts'
import type { KubeObject } from '../objects.ts'
import type { ControllerContext } from './context.ts'
import { controllerReference } from './owners.ts'

const builtinPriorities = ['system-node-critical', 'system-cluster-critical']

/** How long a pod stays on a node that went away, unless it says otherwise (lab seconds). */
const evictionTolerations = ['not-ready', 'unreachable'].map((state) => ({
  key: `node.kubernetes.io/${state}`,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}))

/** Why the API would refuse this pod, in its words, or undefined. */
export function podRefusal(context: ControllerContext, pod: KubeObject): string | undefined {
  const { objects } = context
  const { name, namespace = '' } = pod.metadata
  const home = objects.get('Namespace', undefined, namespace)
  if (home === undefined) return `namespaces "${namespace}" not found`
  if (home.metadata.deletionTimestamp !== undefined) {
    return `pods "${name}" is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`
  }
  const account = pod.spec.serviceAccountName
  if (objects.get('ServiceAccount', namespace, account) === undefined) {
    return `pods "${name}" is forbidden: error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`
  }
  const priority = pod.spec.priorityClassName
  if (priority && !builtinPriorities.includes(priority) && !objects.get('PriorityClass', undefined, priority)) {
    return `pods "${name}" is forbidden: no PriorityClass with name ${priority} was found`
  }
  const level = podSecurityLevel(home)
  const version = home.metadata.labels?.['pod-security.kubernetes.io/enforce-version'] ?? 'latest'
  const violations = podSecurityViolations(pod.spec, level)
  if (violations.length === 0) return undefined
  return `pods "${name}" is forbidden: violates PodSecurity "${level}:${version}": ${violations.join(', ')}`
}

export interface PodPlan {
  owner: KubeObject
  template: KubeObject['spec']
  name: string
  generateName?: string
  labels?: Record<string, string>
  /** Changes to the template's spec: the node of a DaemonSet's pod, the volumes of a StatefulSet's. */
  spec?: Record<string, unknown>
}

/** The pod a controller makes from its template, with the defaults the API fills in. */
export function podFrom({ owner, template, name, generateName, labels, spec }: PodPlan): KubeObject {
  const own = structuredClone({ ...template.spec, ...spec })
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      ...(generateName === undefined ? {} : { generateName }),
      namespace: owner.metadata.namespace,
      labels: { ...template.metadata?.labels, ...labels },
      annotations: { ...template.metadata?.annotations },
      ownerReferences: [controllerReference(owner)],
    },
    spec: {
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      schedulerName: 'default-scheduler',
      terminationGracePeriodSeconds: 30,
      enableServiceLinks: true,
      ...own,
      serviceAccountName: own.serviceAccountName ?? 'default',
      tolerations: [...(own.tolerations ?? []), ...evictionTolerations],
    },
    status: { phase: 'Pending', qosClass: 'Burstable' },
  }
}

/** Creates the pod. Returns why not, as the API says it, when it is refused. */
export function createPod(context: ControllerContext, plan: PodPlan): string | undefined {
  const pod = podFrom(plan)
  const refusal = podRefusal(context, pod)
  if (refusal === undefined) context.objects.create(pod)
  return refusal
}
