import type { PlannedChange } from '../../operations/define.ts'
import { WildError } from '../../platform/errors.ts'
import type { Kubectl, KubeObject } from '../../tools/kubectl.ts'
import { hashAnnotation, keyOf, lookup, stateOf, withHash } from './model.ts'

/**
 * What applying these objects would change in the cluster, as unified diffs by "Kind namespace/name". Those that are alike
 * have none; of one that the cluster would refuse, what it says stands in its place.
 */
export async function liveDifferences(kubectl: Kubectl, objects: KubeObject[]): Promise<Map<string, string>> {
  if (objects.length === 0) return new Map()
  try {
    return await together(kubectl, objects)
  } catch (error) {
    if (!(error instanceof WildError) || error.code !== 'TOOL_FAILED') throw error
    if (objects.length === 1) return new Map([[keyOf(objects[0]!), String(error.details.output ?? error.message)]])
    // One that is refused spoils the answer for all.
    const each = await Promise.all(objects.map((object) => liveDifferences(kubectl, [object])))
    return new Map(each.flatMap((found) => [...found]))
  }
}

async function together(kubectl: Kubectl, objects: KubeObject[]): Promise<Map<string, string>> {
  const byFile = new Map(objects.map((object) => [fileOf(object), keyOf(object)]))
  const found = new Map<string, string>()
  for (const { file, diff } of splitDiff(await kubectl.diff(objects))) {
    const told = withoutNoise(diff)
    if (told) found.set(byFile.get(file) ?? byFile.get(file.replace(/\.default\./, '..')) ?? file, told)
  }
  return found
}

/** `apps.v1.Deployment.ghost.ghost`, as kubectl names the files it compares. */
function fileOf({ apiVersion, kind, metadata }: KubeObject): string {
  return [...apiVersion.split('/'), kind, metadata.namespace ?? '', metadata.name].join('.')
}

/** Cuts what the `diff` program printed over two folders into files. */
export function splitDiff(text: string): { file: string; diff: string }[] {
  const parts: { file: string; lines: string[] }[] = []
  for (const line of text.split('\n')) {
    const file = /^diff .*\/([^/]+)$/.exec(line)?.[1]
    if (file !== undefined) parts.push({ file, lines: [] })
    else parts.at(-1)?.lines.push(line)
  }
  return parts.map(({ file, lines }) => ({
    file,
    diff: lines.filter((line) => !/^(---|\+\+\+) \//.test(line)).join('\n'),
  }))
}

const noise = new RegExp(`^[-+]\\s*(generation: \\d+|resourceVersion: |${hashAnnotation.replace(/[./]/g, '\\$&')}: )`)

/** Leaves out what changes with every change, and hunks that hold nothing else; empty when none is left. */
function withoutNoise(diff: string): string {
  const kept = diff.split('\n').filter((line) => !noise.test(line))
  const hunks: string[][] = []
  for (const line of kept) {
    if (line.startsWith('@@')) hunks.push([])
    hunks.at(-1)?.push(line)
  }
  return hunks
    .filter((lines) => lines.some((line) => /^[-+]/.test(line)))
    .flat()
    .join('\n')
    .trimEnd()
}

/**
 * What applying these objects would do, for plans: those to be made by name, those to be changed with what changes. A
 * cluster that cannot compare (its Job templates may not change) leaves the differences out.
 */
export async function plannedObjects(
  kubectl: Kubectl,
  objects: KubeObject[],
  words: (object: KubeObject) => string,
): Promise<PlannedChange[]> {
  const find = lookup(await kubectl.getLive(objects))
  const comparable = objects.filter((object) => object.kind !== 'Job' && stateOf(object, find(object)) === 'different')
  const diffs = await liveDifferences(kubectl, comparable.map(withHash)).catch(() => new Map<string, string>())
  return objects.map((object) => ({
    kind: 'object' as const,
    text: `${keyOf(object)} ${words(object)}`,
    diff: diffs.get(keyOf(object)),
  }))
}
