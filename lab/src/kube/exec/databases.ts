import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { containerInputs } from '../controllers/pod-inputs.ts'
import type { KubeObject, ObjectStore } from '../objects.ts'
import { mountsOf, type VolumePlaces } from './places.ts'

const isComplete = (job: KubeObject): boolean =>
  (job.status?.conditions ?? []).some(
    ({ type, status }: { type: string; status: string }) => type === 'Complete' && status === 'True',
  )

/** The pod behind the first name of a host like `mysql.mysql.svc.cluster.local`. */
function serverOf(objects: ObjectStore, host: string): KubeObject | undefined {
  const [, namespace] = host.split('.')
  return objects
    .list('Pod', { namespace })
    .find((pod) => pod.status?.phase === 'Running' && pod.metadata.ownerReferences?.[0]?.kind === 'StatefulSet')
}

/**
 * A Job that completed and was told a database (`DB_HOST`, `DB_NAME`) has made it: an empty file in the volume of the
 * server. The server's own stand-ins (lab/src/databases) work on these files.
 */
export function keepDatabases(objects: ObjectStore, places: VolumePlaces): () => void {
  return objects.onEvent(({ type, object }) => {
    if (type === 'DELETED' || object.kind !== 'Job' || !isComplete(object)) return
    for (const container of object.spec.template.spec.containers) {
      const pod = { ...object, spec: object.spec.template.spec } as KubeObject
      const { env } = containerInputs(objects, pod, container)
      const { DB_HOST: host, DB_NAME: name } = env
      const server = host && name ? serverOf(objects, host) : undefined
      if (server === undefined) continue
      const [data] = mountsOf(objects, places, server, server.spec.containers[0]).filter(({ path }) =>
        /^\/var\/lib\/(postgresql|mysql)/.test(path),
      )
      if (data === undefined) continue
      const folder = join(data.folder, 'databases')
      mkdirSync(folder, { recursive: true })
      const file = join(folder, `${name}.sqlite`)
      if (!existsSync(file)) writeFileSync(file, '')
    }
  })
}
