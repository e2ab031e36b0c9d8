import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { Step } from '../../operations/define.ts'
import { exists, syncFolder } from '../../platform/atomic-file.ts'
import type { InstancePaths } from '../../platform/paths.ts'

export interface SetAside {
  /** For people: "Ghost". */
  of: string
  places: InstancePaths
  folder: string
  /** Notes about what we rendered into the folder. */
  notes: string[]
  /** What is done once the folder is away. */
  afterwards?(): Promise<void> | void
}

/**
 * The last step of a deletion: the folder with what was rendered, and perhaps edited by hand, is moved below
 * `.wildcloud/removed`, from where a person can take it back. Done = there is no such folder.
 */
export function setAsideStep({ of, places, folder, notes, afterwards }: SetAside): Step {
  const shown = relative(places.root, folder)
  return {
    name: 'files',
    title: 'Putting its files aside',
    done: async () => !(await exists(folder)) && 'it has no files here',
    plan: async () => [
      { kind: 'file', text: `${shown}/ would be moved to ${relative(places.root, join(places.state, 'removed'))}/` },
    ],
    async run(ctx) {
      const time = new Date(ctx.clock.now()).toISOString().replace(/[:.]/g, '-')
      const target = join(places.state, 'removed', `${shown}-${time}`)
      await mkdir(dirname(target), { recursive: true, mode: 0o700 })
      await rename(folder, target)
      await syncFolder(dirname(target))
      for (const note of notes) await rm(note, { force: true })
      await afterwards?.()
      ctx.result({ files: relative(places.root, target) })
      ctx.say(`${of}: its files are kept in ${relative(places.root, target)}/`)
    },
  }
}
