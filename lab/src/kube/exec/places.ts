import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { KubeObject, ObjectStore } from '../objects.ts'

type Spec = KubeObject['spec']

/** Where volumes of a cluster lie on the machine the lab runs on: contents live as long as their PersistentVolume does. */
export interface VolumePlaces {
  /** Folder of a persistent volume, made when it is not there yet. */
  ofVolume(name: string): string
  /** Folder of a pod's own: its root and what it mounts that is no persistent volume. */
  ofPod(uid: string, part: string): string
  close(): void
}

/** Keeps folders below `directory`; that of a volume or pod goes with its object. */
export function createVolumePlaces(objects: ObjectStore, directory: string): VolumePlaces {
  const volume = (name: string) => join(directory, 'volumes', name)
  const pod = (uid: string) => join(directory, 'pods', uid)
  const stop = objects.onEvent(({ type, object }) => {
    if (type !== 'DELETED') return
    if (object.kind === 'PersistentVolume') rmSync(volume(object.metadata.name), { recursive: true, force: true })
    if (object.kind === 'Pod') rmSync(pod(object.metadata.uid ?? ''), { recursive: true, force: true })
  })
  const made = (path: string): string => {
    mkdirSync(path, { recursive: true })
    return path
  }
  return {
    ofVolume: (name) => made(volume(name)),
    ofPod: (uid, part) => made(join(pod(uid), part)),
    close: stop,
  }
}

/** Path in a container → folder on this machine. */
export type Mounts = { path: string; folder: string }[]

function folderOf(objects: ObjectStore, places: VolumePlaces, pod: KubeObject, volume: Spec): string {
  const { namespace, uid = '' } = pod.metadata
  const claimName = volume.persistentVolumeClaim?.claimName as string | undefined
  const claim = claimName === undefined ? undefined : objects.get('PersistentVolumeClaim', namespace, claimName)
  const bound = claim?.spec.volumeName as string | undefined
  return bound === undefined ? places.ofPod(uid, `volume-${volume.name}`) : places.ofVolume(bound)
}

/** What a container of a pod mounts, longest path first. */
export function mountsOf(objects: ObjectStore, places: VolumePlaces, pod: KubeObject, container: Spec): Mounts {
  const volumes = (pod.spec.volumes ?? []) as Spec[]
  const mounts: Mounts = (container.volumeMounts ?? []).flatMap((mount: Spec) => {
    const volume = volumes.find(({ name }) => name === mount.name)
    if (volume === undefined) return []
    const folder = join(folderOf(objects, places, pod, volume), mount.subPath ?? '')
    mkdirSync(folder, { recursive: true })
    return [{ path: mount.mountPath as string, folder }]
  })
  return mounts.sort((one, other) => other.path.length - one.path.length)
}

/** Where a path of the container lies here; undefined outside of its mounts. */
export function placeOf(mounts: Mounts, path: string): string | undefined {
  const mount = mounts.find((one) => path === one.path || path.startsWith(`${one.path}/`))
  return mount === undefined ? undefined : join(mount.folder, path.slice(mount.path.length))
}
