import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { CommandError } from './errors.ts'
import { parseDocuments } from './yaml/parse.ts'

// biome-ignore lint/suspicious/noExplicitAny: manifests come as YAML of any shape
export type Manifest = any

/** A document and where it came from. */
export interface Source {
  object: Manifest
  /** `STDIN` or the file's name, for messages. */
  from: string
}

const readable = new Set(['.json', '.yaml', '.yml'])

async function documentsOf(text: string, from: string): Promise<Source[]> {
  let documents: unknown[]
  try {
    documents = await parseDocuments(text)
  } catch (error) {
    throw new CommandError(`error parsing ${from}: error converting YAML to JSON: ${(error as Error).message}`)
  }
  return documents.flatMap((object: Manifest) => {
    const isList = typeof object?.kind === 'string' && object.kind.endsWith('List') && Array.isArray(object.items)
    return (isList ? (object.items as Manifest[]) : [object]).map((one) => ({ object: checked(one, from), from }))
  })
}

function checked(object: Manifest, from: string): Manifest {
  if (typeof object !== 'object' || object === null || Array.isArray(object))
    throw new CommandError(
      `error parsing ${from}: error converting YAML to JSON: json: cannot unmarshal into Go value of type map[string]interface {}`,
    )
  if (!object.kind)
    throw new CommandError(`unable to decode "${from}": Object 'Kind' is missing in '${JSON.stringify(object)}'`)
  if (!object.apiVersion)
    throw new CommandError(`unable to decode "${from}": Object 'apiVersion' is missing in '${JSON.stringify(object)}'`)
  return object
}

async function fromPath(path: string, deep: boolean): Promise<Source[]> {
  if (!existsSync(path)) throw new CommandError(`the path "${path}" does not exist`)
  if (!statSync(path).isDirectory()) return documentsOf(readFileSync(path, 'utf8'), path)
  const found: Source[] = []
  for (const entry of readdirSync(path).sort()) {
    const inner = join(path, entry)
    if (statSync(inner).isDirectory() ? deep : readable.has(extname(inner)))
      found.push(...(await fromPath(inner, deep)))
  }
  return found
}

/** All text on stdin. */
export const readStdin = (): string => readFileSync(0, 'utf8')

/**
 * The documents of `-f` (files, folders, `-` for stdin) or `-k` (a kustomization).
 * Throws CommandError in kubectl's words.
 */
export async function readManifests(
  files: readonly string[],
  kustomization: string | undefined,
  deep = false,
): Promise<Source[]> {
  if (kustomization !== undefined && files.length > 0) throw new CommandError('only one of -f or -k can be specified')
  if (kustomization !== undefined) {
    const { buildObjects } = await import('./kustomize/index.ts')
    return (await buildObjects(kustomization)).map((object) => ({ object, from: kustomization }))
  }
  if (files.length === 0) throw new CommandError('must specify one of -f and -k')
  const found: Source[] = []
  for (const file of files)
    found.push(...(file === '-' ? await documentsOf(readStdin(), 'STDIN') : await fromPath(file, deep)))
  return found
}
