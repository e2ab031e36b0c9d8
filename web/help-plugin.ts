import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { type HelpDocument, type HelpTitles, textOf } from './src/pages/help/model.ts'
import { parseDocument } from './src/pages/help/parse.ts'

/** What somebody new reads; the others follow by their names. */
const first = 'getting-started'
const folder = join(import.meta.dirname, '../docs')
const modules = {
  /** Every document, in pieces. */
  'virtual:help': (documents: HelpDocument[]) => `export const documents = ${JSON.stringify(documents)}`,
  /** What each is called and what its parts are called: for whoever only leads there. */
  'virtual:help-index': (documents: HelpDocument[]) => `export const index = ${JSON.stringify(documents.map(titles))}`,
}

/** Gives the app the user documentation as data: help works without the internet, and is that of this version. */
export function helpPlugin(): Plugin {
  return {
    name: 'wild-central-help',
    resolveId: (wanted) => (wanted in modules ? `\0${wanted}` : undefined),
    load(wanted) {
      const write = modules[wanted.slice(1) as keyof typeof modules]
      if (!write || !wanted.startsWith('\0')) return undefined
      const names = readdirSync(folder)
        .filter((file) => file.endsWith('.md'))
        .map((file) => file.slice(0, -'.md'.length))
        .sort((a, b) => Number(b === first) - Number(a === first) || a.localeCompare(b))
      const documents = names.map((name) => {
        const path = join(folder, `${name}.md`)
        this.addWatchFile(path)
        return parseDocument(name, readFileSync(path, 'utf8'), names)
      })
      return write(documents)
    },
  }
}

function titles({ name, title, blocks }: HelpDocument): HelpTitles {
  const parts = blocks.flatMap((block) => (block.kind === 'heading' ? [{ id: block.id, title: textOf(block) }] : []))
  return { name, title, parts }
}
