import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isMap, isSeq, type Node, parseAllDocuments } from 'yaml'
import { writeFileAtomic } from '../../platform/atomic-file.ts'
import type { KubeObject } from '../../tools/kubectl.ts'
import { filesBelow } from '../objects/index.ts'
import type { Made } from './place.ts'

type Path = (string | number)[]

/** Where a live object differs from what was deployed, in the fields that were deployed; lists of another length are taken as a whole. */
export function changedLeaves(wanted: unknown, live: unknown, path: Path = []): { path: Path; value: unknown }[] {
  if (Array.isArray(wanted)) {
    if (!Array.isArray(live) || live.length !== wanted.length) return [{ path, value: live }]
    return wanted.flatMap((inner, index) => changedLeaves(inner, live[index], [...path, index]))
  }
  if (wanted && typeof wanted === 'object') {
    if (!live || typeof live !== 'object') return [{ path, value: live }]
    return Object.entries(wanted).flatMap(([key, inner]) =>
      changedLeaves(inner, (live as Record<string, unknown>)[key], [...path, key]),
    )
  }
  return String(wanted) === String(live) ? [] : [{ path, value: live }]
}

const parts = ['spec', 'data', 'rules', 'subjects', 'roleRef', 'parameters'] as const

/** What was changed in the cluster and stands in the files. */
export function adoptableChanges(wanted: KubeObject, live: KubeObject): { path: Path; value: unknown }[] {
  return parts.flatMap((part) => (wanted[part] === undefined ? [] : changedLeaves(wanted[part], live[part], [part])))
}

export interface Home {
  file: string
  text: string
}

/** The file of a kustomization that describes an object and has all these places in it; undefined when it is generated, or comes from elsewhere. */
export async function homeOf({ folder, object }: Made, changes: { path: Path }[]): Promise<Home | undefined> {
  for (const name of await filesBelow(folder)) {
    if (!/\.ya?ml$/.test(name) || name.startsWith('upstream/') || name === 'kustomization.yaml') continue
    const file = join(folder, name)
    const text = await readFile(file, 'utf8')
    const document = documentOf(text, object)
    if (document && changes.every(({ path }) => document.hasIn(path))) return { file, text }
  }
  return undefined
}

function documentOf(text: string, object: KubeObject) {
  return documentsOf(text).find(
    (document) => document.get('kind') === object.kind && document.getIn(['metadata', 'name']) === object.metadata.name,
  )
}

function documentsOf(text: string) {
  const documents = parseAllDocuments(text)
  return Array.isArray(documents)
    ? documents.filter(({ errors, contents }) => errors.length === 0 && isMap(contents))
    : []
}

/** Writes the live values into the file, comments and order kept. */
export async function adoptInto({ file, text }: Home, object: KubeObject, changes: { path: Path; value: unknown }[]) {
  const documents = parseAllDocuments(text)
  if (!Array.isArray(documents)) return
  for (const document of documents) {
    if (document.get('kind') !== object.kind || document.getIn(['metadata', 'name']) !== object.metadata.name) continue
    for (const { path, value } of changes) {
      const before = document.getIn(path, true) as Node | undefined
      if (value === undefined) document.deleteIn(path)
      else document.setIn(path, isSeq(before) || isMap(before) ? document.createNode(value) : value)
    }
  }
  await writeFileAtomic(file, documents.map((document) => document.toString({ lineWidth: 0 })).join(''))
}
