import { createHash } from 'node:crypto'
import type { Json } from './resource.ts'

/** JSON as Go writes it: sorted keys, and `<`, `>`, `&` escaped. */
function goJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const sorted = Object.keys(value).sort()
    return `{${sorted.map((key) => `${goJson(key)}:${goJson(value[key])}`).join(',')}}`
  }
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

const replaced: Record<string, string> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' }

/** The suffix kustomize gives a generated ConfigMap or Secret: ten letters that stand for its name and content. */
export function contentHash({ kind, type, metadata, data, binaryData, stringData }: Json): string {
  const name = metadata?.name ?? ''
  const content: Json =
    kind === 'Secret' ? { kind, type: type ?? '', name, data: data ?? '' } : { kind, name, data: data ?? '' }
  if (kind === 'Secret' && stringData !== undefined) content.stringData = stringData
  if (kind === 'ConfigMap' && binaryData !== undefined) content.binaryData = binaryData
  const hex = createHash('sha256').update(goJson(content)).digest('hex')
  return [...hex.slice(0, 10)].map((char) => replaced[char] ?? char).join('')
}
