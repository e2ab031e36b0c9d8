import { type HelpDocument, textOf } from './model.ts'

/** A part of a page: what is below one heading. */
export interface Part {
  document: string
  title: string
  /** The heading it is below; absent for what comes before the first one. */
  heading?: { id: string; text: string }
  text: string
}

/** Pure: the parts of all documents, in their order. */
export function partsOf(documents: readonly HelpDocument[]): Part[] {
  return documents.flatMap(({ name, title, blocks }) => {
    const parts: Part[] = [{ document: name, title, text: '' }]
    for (const block of blocks)
      if (block.kind === 'heading')
        parts.push({ document: name, title, heading: { id: block.id, text: textOf(block) }, text: '' })
      else parts.at(-1)!.text += `${textOf(block)} `
    return parts
  })
}

/** A part that was found, and where: `around` is the text about the first word. */
export interface Hit extends Part {
  around: string
}

const aroundBefore = 40
const aroundAfter = 120

/** Pure: the parts that hold every word, those with it in a title or heading first. */
export function searchParts(parts: readonly Part[], typed: string, most: number): Hit[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean)
  if (!words.length) return []
  const score = (part: Part) => {
    const head = `${part.title} ${part.heading?.text ?? ''}`.toLowerCase()
    const all = `${head} ${part.text.toLowerCase()}`
    if (!words.every((word) => all.includes(word))) return 0
    return 1 + words.filter((word) => head.includes(word)).length
  }
  return parts
    .map((part) => ({ part, score: score(part) }))
    .filter((found) => found.score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ part }) => ({ ...part, around: around(part.text, words[0]!) }))
}

function around(text: string, word: string): string {
  const at = Math.max(0, text.toLowerCase().indexOf(word))
  const from = Math.max(0, at - aroundBefore)
  const piece = text.slice(from, at + aroundAfter).trim()
  return `${from > 0 ? '…' : ''}${piece}${at + aroundAfter < text.length ? '…' : ''}`
}
