import type { NodeView } from '../cluster-view.ts'
import type { KubeObject } from '../objects.ts'
import { isTrue } from './conditions.ts'
import type { ControllerContext, Reconciler } from './context.ts'
import { containersOf, isReady } from './pod-state.ts'

const namespace = 'node-feature-discovery'
const masterName = 'node-feature-discovery-master'
const prefix = 'feature.node.kubernetes.io/pci-'
const nvidia = '10de'
export const gpuResource = 'nvidia.com/gpu'

const runs = (pod: KubeObject, image: RegExp): boolean =>
  isReady(pod) && containersOf(pod.spec).some((container) => image.test(container.image))

const onNode = (objects: ControllerContext['objects'], view: NodeView, image: RegExp): boolean =>
  objects.list('Pod').some((pod) => pod.spec.nodeName === view.name && runs(pod, image))

/** What the master of Node Feature Discovery writes down of a machine whose worker runs: `pci-<class>_<vendor>`. */
function label({ objects }: ControllerContext, view: NodeView): void {
  const node = objects.get('Node', undefined, view.name)
  if (node === undefined || !onNode(objects, view, /\/nfd\/node-feature-discovery:/)) return
  const others = Object.entries(node.metadata.labels ?? {}).filter(([key]) => !key.startsWith(prefix))
  const found = (view.cards ?? []).map((card) => [`${prefix}${card}.present`, 'true'] as const)
  objects.update({ ...node, metadata: { ...node.metadata, labels: Object.fromEntries([...others, ...found]) } })
}

/** The cards a device plugin that runs on a machine offers to pods. */
function offer({ objects }: ControllerContext, view: NodeView): void {
  const node = objects.get('Node', undefined, view.name)
  const cards = (view.cards ?? []).filter((card) => card.endsWith(`_${nvidia}`)).length
  if (node?.status?.capacity === undefined || cards === 0) return
  if (!onNode(objects, view, /\/k8s-device-plugin:/)) return
  const extended = { [gpuResource]: String(cards) }
  objects.updateStatus(node, {
    ...node.status,
    capacity: { ...node.status.capacity, ...extended },
    allocatable: { ...node.status.allocatable, ...extended },
  })
}

/** Why the sandbox of a pod cannot be made on a machine: its runtime comes with a system extension. */
export function missingRuntime(objects: ControllerContext['objects'], pod: KubeObject, view: NodeView) {
  const name = pod.spec.runtimeClassName as string | undefined
  const handler = name && objects.get('RuntimeClass', undefined, name)?.handler
  if (handler !== 'nvidia' || view.extensions.some((one) => one.includes('nvidia-container-toolkit'))) return undefined
  return `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "${handler}" is configured`
}

/** What programs in the cluster find out about the hardware of machines. It knows nothing that no program looked for. */
export const hardwareFeatures: Reconciler = {
  name: 'hardware-features',
  watches: ['Pod', 'Deployment', 'ClusterView'],
  reconcile: (context) => {
    const { objects, cluster } = context
    const views = cluster.nodes.filter(({ cards }) => cards?.length)
    const isLabelling = isTrue(objects.get('Deployment', namespace, masterName), 'Available')
    for (const view of views) {
      if (isLabelling) label(context, view)
      offer(context, view)
    }
  },
}
