import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'
import { parseDocument } from './src/pages/help/parse.ts'

const folder = join(import.meta.dirname, '../docs')
const id = 'virtual:help'

/** Gives the app the user documentation as data: help works without the internet, and is that of this version. */
export function helpPlugin(): Plugin {
  return {
    name: 'wild-central-help',
    resolveId: (wanted) => (wanted === id ? `\0${id}` : undefined),
    load(wanted) {
      if (wanted !== `\0${id}`) return undefined
      const names = readdirSync(folder)
        .filter((file) => file.endsWith('.md'))
        .map((file) => file.slice(0, -'.md'.length))
        .sort()
      const documents = names.map((name) => {
        const path = join(folder, `${name}.md`)
        this.addWatchFile(path)
        return parseDocument(name, readFileSync(path, 'utf8'), names)
      })
      return `export const documents = ${JSON.stringify(documents)}`
    },
  }
}
