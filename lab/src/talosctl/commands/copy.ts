import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type Context, ToolError } from '../command.ts'
import { goFileError } from '../files.ts'
import { onlyNode } from '../machine-api.ts'

/** `talosctl copy`: a file of the machine into a folder here, which is made where it is missing. */
export async function run(context: Context): Promise<void> {
  const [path, folder] = [context.args[0]!, context.args[1]!]
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new ToolError(`local path "${folder}" should be a directory`)
  const answer = await onlyNode(context, 'copy')
    .call('copy', { path })
    .catch((error: unknown) => {
      throw new ToolError(`error copying: ${(error as Error).message}`)
    })
  const file = join(folder, basename(path))
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, Buffer.from(String(answer), 'base64'))
  } catch (error) {
    throw new ToolError(`error creating file: ${goFileError(error, file)}`)
  }
}
