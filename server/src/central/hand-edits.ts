import type { Log } from '../platform/log.ts'
import type { Paths } from '../platform/paths.ts'
import type { Services } from '../platform/schema-builder.ts'
import { createFolderWatch } from '../platform/watch-instances.ts'

type Parts = Pick<Services, 'instances' | 'config'> & { paths: Paths; log: Log }

/** Notices edits of config.yaml and secrets.yaml made by hand: pages hear of them, and those of config.yaml become versions. */
export function createHandEdits({ instances, config, paths, log }: Parts) {
  const folders = createFolderWatch(['config.yaml', 'secrets.yaml'], (name, file) => {
    instances.changed(name, file === 'config.yaml' ? 'config' : 'secrets')
    if (file === 'config.yaml')
      config
        .noticeHandEdit(name)
        .catch((error: unknown) => log.warn({ err: error, instance: name }, 'an edit made by hand was not kept'))
  })
  const watch = (name: string) => folders.add(name, paths.instance(name).root)
  instances.changes.on(({ part, instance }) => part === 'config' && watch(instance))
  return {
    forget: folders.remove,
    stop: folders.close,
    async begin() {
      for (const { name } of await instances.list()) watch(name)
    },
  }
}
