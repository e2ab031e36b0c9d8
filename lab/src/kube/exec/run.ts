import { type ChildProcess, spawn } from 'node:child_process'
import { delimiter } from 'node:path'
import { containerInputs } from '../controllers/pod-inputs.ts'
import type { KubeObject, ObjectStore } from '../objects.ts'
import { mountsOf, placeOf, type VolumePlaces } from './places.ts'

type Spec = KubeObject['spec']

/** Folder of stand-ins for programs that are in images, put before PATH. */
export interface ExecOptions {
  objects: ObjectStore
  places: VolumePlaces
  containerBin: string
}

/**
 * Starts a command in a running container: a real process on this machine, standing in the folder of the volume that the
 * container's working directory is in (relative paths then mean the volume), with the container's environment. Paths of
 * the container that are written out mean nothing here, except to the stand-ins, which know the mounts.
 */
export function runInContainer(
  options: ExecOptions,
  pod: KubeObject,
  container: Spec,
  command: string[],
): ChildProcess {
  const { objects, places, containerBin } = options
  const { env } = containerInputs(objects, pod, container)
  const mounts = mountsOf(objects, places, pod, container)
  const root = places.ofPod(pod.metadata.uid ?? '', 'root')
  const [file = '', ...args] = command
  return spawn(file, args, {
    cwd: (container.workingDir && placeOf(mounts, container.workingDir)) ?? root,
    env: {
      ...env,
      PATH: [containerBin, process.env.PATH ?? ''].join(delimiter),
      HOME: root,
      LC_ALL: 'C.UTF-8',
      WILD_LAB_MOUNTS: JSON.stringify(mounts),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
}
