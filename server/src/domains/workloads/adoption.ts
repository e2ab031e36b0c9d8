import { relative } from 'node:path'
import type { KubeObject } from '../../tools/kubectl.ts'
import { keyOf } from '../objects/index.ts'
import { adoptableChanges, adoptInto, homeOf } from './adopt.ts'
import type { Drifted } from './drift.ts'
import { isSpare, leaveOut, leftOutIn } from './leave-out.ts'
import type { Made, Place } from './place.ts'

/** How what somebody did to an object in the cluster gets into the files. */
export interface Adoption {
  /** What a file would get, for people. */
  planned: string
  /** What it got. */
  done: string
  write(): Promise<void>
}

/** The way of a change into the files: what differs is written where it stands, what was deleted is left out. Undefined when there is none. */
export function adoptionOf(place: Place, drifted: Drifted): Promise<Adoption | undefined> {
  return drifted.live ? change(place, drifted, drifted.live) : Promise.resolve(removal(place, drifted))
}

async function change(place: Place, made: Made, live: KubeObject): Promise<Adoption | undefined> {
  const changes = adoptableChanges(made.object, live)
  const home = changes.length ? await homeOf(made, changes) : undefined
  if (!home) return undefined
  const file = relative(place.folder, home.file)
  const what = `what ${keyOf(made.object)} has now`
  return {
    planned: `${file} would get ${what}`,
    done: `${file}: ${what}`,
    async write() {
      // Read again: two objects may live in one file.
      const now = await homeOf(made, changes)
      if (now) await adoptInto(now, made.object, changes)
    },
  }
}

function removal(place: Place, { object, folder }: Made): Adoption | undefined {
  if (!isSpare(place, object)) return undefined
  const file = relative(place.folder, leftOutIn(folder))
  return {
    planned: `${file} would leave out ${keyOf(object)}, which was deleted: it is not made again until you remove that patch`,
    done: `${file}: ${keyOf(object)} is left out until you remove that patch`,
    write: () => leaveOut(folder, object),
  }
}
