import type { KubeObject } from '../objects.ts'
import type { ControllerContext, Reconciler } from './context.ts'
import { bootstrapManifests, proxyImage, staticPods } from './system-objects.ts'

/** Creates what is missing; what is there is the person's to change (the Corefile, for one). */
function ensureManifests({ objects, cluster }: ControllerContext): void {
  for (const object of bootstrapManifests(cluster)) {
    const { kind, metadata } = object
    if (objects.get(kind, metadata.namespace, metadata.name) === undefined) objects.create(object)
  }
}

/** kube-proxy follows the cluster's version, as an upgrade by Talos does it. */
function followVersion({ objects, cluster }: ControllerContext): void {
  const known = objects.get('DaemonSet', 'kube-system', 'kube-proxy')
  const image = proxyImage(cluster)
  if (known === undefined || known.spec.template.spec.containers[0]?.image === image) return
  const next = structuredClone(known)
  next.spec.template.spec.containers[0].image = image
  objects.update(next)
}

function placeStaticPods({ objects, cluster }: ControllerContext, node: KubeObject): void {
  for (const pod of staticPods(cluster, node)) {
    const { namespace, name } = pod.metadata
    const known = objects.get('Pod', namespace, name)
    if (known?.spec.containers[0].image === pod.spec.containers[0].image) continue
    if (known !== undefined) objects.delete('Pod', namespace, name)
    objects.create(pod)
  }
}

/** What Talos puts into kube-system by itself. */
export const system: Reconciler = {
  name: 'system',
  watches: [
    'ClusterView',
    'Namespace',
    'Node',
    'Pod',
    'ServiceAccount',
    'ConfigMap',
    'Deployment',
    'DaemonSet',
    'Service',
  ],
  reconcile: (context) => {
    const { objects, cluster } = context
    if (objects.get('Namespace', undefined, 'kube-system') === undefined) return
    ensureManifests(context)
    followVersion(context)
    for (const view of cluster.nodes.filter(({ role, registered }) => role === 'controlplane' && registered)) {
      const node = objects.get('Node', undefined, view.name)
      if (node !== undefined) placeStaticPods(context, node)
    }
  },
}
