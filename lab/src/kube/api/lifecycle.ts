import type { KubeObject } from '../objects.ts'
import type { ApiContext } from './context.ts'
import { establish, isOpen } from './definitions.ts'

/** Lab milliseconds a namespace takes to go, and a definition to be served. */
const namespaceGoes = 2000
const definitionServed = 300

/** Claims that were deleted while a pod used them go when the last such pod is gone. */
function releaseClaims({ objects }: ApiContext, namespace: string): void {
  const pods = objects
    .list('Pod', { namespace })
    .filter(({ status }) => !['Succeeded', 'Failed'].includes(status?.phase))
  const used = new Set(
    pods
      .flatMap(({ spec }) => (spec?.volumes ?? []) as { persistentVolumeClaim?: { claimName: string } }[])
      .map((volume) => volume.persistentVolumeClaim?.claimName),
  )
  for (const { metadata } of objects.list('PersistentVolumeClaim', { namespace })) {
    if (metadata.deletionTimestamp !== undefined && !used.has(metadata.name))
      objects.delete('PersistentVolumeClaim', namespace, metadata.name)
  }
}

/**
 * What the API server's side of the control plane does over time: namespaces that were deleted go with their content,
 * new CustomResourceDefinitions become Established unless another has their names, deleted claims wait for their pods.
 * Goes on after a restart.
 */
export function startLifecycle(context: ApiContext): () => void {
  const { objects, clock } = context
  const timers = new Set<() => void>()
  const armed = new Set<string>()
  const later = (key: string, labMs: number, work: () => void): void => {
    if (armed.has(key)) return
    armed.add(key)
    const cancel = clock.at(clock.due(labMs), () => {
      timers.delete(cancel)
      armed.delete(key)
      work()
    })
    timers.add(cancel)
  }
  const serve = ({ metadata: { name, uid } }: KubeObject): void =>
    later(`${uid}`, definitionServed, () => establish(context, name))
  const look = (object: KubeObject): void => {
    const { kind, metadata, status } = object
    const { name, uid, deletionTimestamp } = metadata
    if (kind === 'Namespace' && deletionTimestamp !== undefined)
      later(`${uid}`, namespaceGoes, () => objects.delete('Namespace', undefined, name))
    if (kind === 'CustomResourceDefinition' && status?.conditions === undefined) serve(object)
  }
  for (const object of [...objects.list('Namespace'), ...objects.list('CustomResourceDefinition')]) look(object)
  const stop = objects.onEvent(({ type, object }) => {
    if (type !== 'DELETED') look(object)
    // The names of one that is gone are free for another.
    else if (object.kind === 'CustomResourceDefinition')
      objects.list('CustomResourceDefinition').filter(isOpen).forEach(serve)
    if (object.kind === 'Pod' && (type === 'DELETED' || object.status?.phase === 'Succeeded'))
      releaseClaims(context, object.metadata.namespace ?? '')
  })
  return () => {
    stop()
    for (const cancel of timers) cancel()
  }
}
