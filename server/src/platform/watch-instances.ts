import { type FSWatcher, watch } from 'node:fs'

/** Reports changes people make by hand to the files of interest in a folder, a moment after they settle. */
export interface FolderWatch {
  add(name: string, folder: string): void
  remove(name: string): void
  close(): void
}

const settleMs = 120

/** `report(name, file)` is called once per burst of events on a file. A folder that cannot be watched is left out: reads are fresh anyway. */
export function createFolderWatch(files: string[], report: (name: string, file: string) => void): FolderWatch {
  const watchers = new Map<string, FSWatcher>()
  const timers = new Map<string, NodeJS.Timeout>()

  function settle(name: string, file: string): void {
    const key = `${name}/${file}`
    clearTimeout(timers.get(key))
    timers.set(
      key,
      setTimeout(() => {
        timers.delete(key)
        report(name, file)
      }, settleMs),
    )
  }

  function remove(name: string): void {
    watchers.get(name)?.close()
    watchers.delete(name)
  }

  return {
    add(name, folder) {
      if (watchers.has(name)) return
      try {
        const watcher = watch(
          folder,
          { persistent: false },
          (_event, file) => file && files.includes(file) && settle(name, file),
        )
        watcher.on('error', () => remove(name))
        watchers.set(name, watcher)
      } catch {}
    },
    remove,
    close() {
      for (const name of [...watchers.keys()]) remove(name)
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}
