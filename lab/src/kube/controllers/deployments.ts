import type { KubeObject } from '../objects.ts'
import type { ControllerContext, Reconciler } from './context.ts'
import { deploymentStatus } from './deployment-status.ts'
import { controlledBy, controllerReference, nameHash } from './owners.ts'
import { rollOut } from './rollout.ts'

const revisionKey = 'deployment.kubernetes.io/revision'
const revisionOf = (object: KubeObject): number => Number(object.metadata.annotations?.[revisionKey] ?? 0)

/** The hash that tells the pods of one template from those of another. */
const templateHash = (deployment: KubeObject): string => nameHash(deployment.spec.template)

function newReplicaSet(deployment: KubeObject, hash: string, revision: number): KubeObject {
  const { template, selector, minReadySeconds } = deployment.spec
  const label = { 'pod-template-hash': hash }
  const labels = { ...template.metadata?.labels, ...label }
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace,
      labels,
      annotations: { [revisionKey]: String(revision) },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas: 0,
      ...(minReadySeconds ? { minReadySeconds } : {}),
      selector: { ...selector, matchLabels: { ...selector?.matchLabels, ...label } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  }
}

/** The ReplicaSet of the current template, made when there is none, with the highest revision. */
function currentSet(context: ControllerContext, deployment: KubeObject, sets: KubeObject[]): KubeObject {
  const hash = templateHash(deployment)
  const highest = Math.max(0, ...sets.map(revisionOf))
  const known = sets.find(({ metadata }) => metadata.labels?.['pod-template-hash'] === hash)
  if (known === undefined) return context.objects.create(newReplicaSet(deployment, hash, highest + 1))
  if (revisionOf(known) === highest) return known
  const annotations = { ...known.metadata.annotations, [revisionKey]: String(highest + 1) }
  return context.objects.update({ ...known, metadata: { ...known.metadata, annotations } })
}

function forgetOldSets({ objects }: ControllerContext, deployment: KubeObject, old: KubeObject[]): void {
  const idle = old.filter(({ spec, status }) => spec.replicas === 0 && (status?.replicas ?? 0) === 0)
  const surplus = idle.sort((one, other) => revisionOf(other) - revisionOf(one))
  for (const set of surplus.slice(deployment.spec.revisionHistoryLimit ?? 10)) {
    objects.delete('ReplicaSet', set.metadata.namespace, set.metadata.name)
  }
}

function annotateRevision({ objects }: ControllerContext, deployment: KubeObject, revision: number): void {
  if (revisionOf(deployment) === revision) return
  const annotations = { ...deployment.metadata.annotations, [revisionKey]: String(revision) }
  objects.update({ ...deployment, metadata: { ...deployment.metadata, annotations } })
}

function reconcileDeployment(context: ControllerContext, deployment: KubeObject): void {
  const { objects } = context
  const { namespace, name } = deployment.metadata
  const owned = () => controlledBy(deployment, objects.list('ReplicaSet', { namespace }))
  const current = currentSet(context, deployment, owned())
  const isCurrent = (set: KubeObject) => set.metadata.name === current.metadata.name
  annotateRevision(context, deployment, revisionOf(current))
  if (deployment.spec.paused !== true) {
    rollOut(
      context,
      deployment,
      current,
      owned().filter((set) => !isCurrent(set)),
    )
  }
  const sets = owned()
  forgetOldSets(
    context,
    deployment,
    sets.filter((set) => !isCurrent(set)),
  )
  const fresh = objects.get('Deployment', namespace, name)
  if (fresh === undefined) return
  objects.updateStatus(fresh, deploymentStatus(context, fresh, sets.find(isCurrent) ?? current, sets))
}

/** Turns each Deployment into ReplicaSets and rolls from one template to the next. */
export const deployments: Reconciler = {
  name: 'deployments',
  watches: ['Deployment', 'ReplicaSet', 'Pod'],
  reconcile: (context) => {
    for (const deployment of context.objects.list('Deployment')) reconcileDeployment(context, deployment)
  },
}
