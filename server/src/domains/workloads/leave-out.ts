import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isMap, isSeq, type Node, parse, parseDocument, stringify, type YAMLSeq } from 'yaml'
import { readFileIfThere, writeFileAtomic } from '../../platform/atomic-file.ts'
import { WildError } from '../../platform/errors.ts'
import type { KubeObject } from '../../tools/kubectl.ts'
import { keyOf, probeOf } from '../objects/index.ts'
import type { Place } from './place.ts'

const nameOfFile = 'kustomization.yaml'

/** Where an object is left out of what a kustomization makes. */
export const leftOutIn = (folder: string) => join(folder, nameOfFile)

/** Can a workload do without an object? It is judged by some, and its namespace holds the others. */
export function isSpare({ checks, namespace }: Pick<Place, 'checks' | 'namespace'>, object: KubeObject): boolean {
  return object.kind !== 'Namespace' && !checks.some((check) => keyOf(probeOf(check, namespace)) === keyOf(object))
}

/**
 * Leaves an object out of what a kustomization makes, by a patch that a person can read and take out again. What brings the
 * object stays as it is: it may be a release, and a newer one may no longer have it. Throws CONFIG_INVALID where patches are one line.
 */
export async function leaveOut(folder: string, object: KubeObject): Promise<void> {
  const text = await readFile(leftOutIn(folder), 'utf8')
  await writeFileAtomic(leftOutIn(folder), withPatch(text, object, leftOutIn(folder)))
}

/** The text with the patch behind those that are there; lines it does not concern stay as somebody wrote them. */
function withPatch(text: string, object: KubeObject, file: string): string {
  const document = parseDocument(text)
  const patch = patchOf(object, document.has('namespace'))
  const reason = `# ${keyOf(object)} was deleted in the cluster, and that was taken over. Without this patch it is made again.`
  const patches = document.get('patches')
  const [first] = isSeq(patches) && !patches.flow ? (patches.items as Node[]) : []
  if (patches !== undefined && !first)
    throw new WildError('CONFIG_INVALID', `${file}: patches must be a list with each on a line of its own.`, { file })
  const start = first ? text.lastIndexOf('\n', first.range![0]) + 1 : 0
  const indent = first ? text.slice(start, text.indexOf('-', start)) : '  '
  const item = [reason, ...stringify([patch], { lineWidth: 0, blockQuote: 'literal' }).trimEnd().split('\n')]
  const written = `${item.map((line) => indent + line).join('\n')}\n`
  if (!first) return `${text.replace(/\n*$/, '\n')}patches:\n${written}`
  const end = (patches as YAMLSeq).range![1]
  const before = text.slice(0, end)
  return `${before.endsWith('\n') ? before : `${before}\n`}${written}${text.slice(end).replace(/^\n/, '')}`
}

function patchOf({ apiVersion, kind, metadata }: KubeObject, oneNamespace: boolean) {
  const [version = '', group] = apiVersion.split('/').reverse()
  // One namespace for all is written in after the patches: objects do not have it yet.
  const namespace = oneNamespace ? undefined : metadata.namespace
  const name = metadata.name.replace(/[.+*?^$(){}|[\]\\]/g, '\\$&')
  const target = { ...(group ? { group } : {}), version, kind, name, ...(namespace ? { namespace } : {}) }
  const gone = { $patch: 'delete', apiVersion, kind, metadata: { name: metadata.name } }
  return { target, patch: stringify(gone).trim() }
}

/** What the kustomizations of a workload leave out, by kind and name: "IngressClass traefik". */
export async function leftOut({ kustomizations }: Pick<Place, 'kustomizations'>): Promise<string[]> {
  const texts = await Promise.all(kustomizations.map((folder) => readFileIfThere(leftOutIn(folder))))
  return texts.flatMap((text) => {
    const patches = text === undefined ? undefined : parseDocument(text).get('patches')
    if (!isSeq(patches)) return []
    return patches.items.flatMap((item) => deletedBy(isMap(item) ? item.get('patch') : undefined))
  })
}

function deletedBy(patch: unknown): string[] {
  if (typeof patch !== 'string' || !patch.includes('$patch: delete')) return []
  const { kind, metadata } = parse(patch) as KubeObject
  return [`${kind} ${metadata?.name}`]
}
