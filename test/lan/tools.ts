import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'

/** Where a program is: on PATH or where system programs are; undefined when it is not here. */
export function whereIs(tool: string): string | undefined {
  for (const folder of [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'])
    try {
      accessSync(join(folder, tool), constants.X_OK)
      return join(folder, tool)
    } catch {}
  return undefined
}
