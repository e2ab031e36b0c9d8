import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { root } from '../world.ts'

/** A question of the web app that warns, or that wants a word typed: which function asks it. */
export interface Asked {
  /** The file below `web/src/pages`, and the function in it. */
  by: string
  /** Whether a word must be typed. */
  typed: boolean
}

const pages = join(root, 'web/src/pages')

/** Every question of the web app that is told as a danger or wants a word typed, read from its source. */
export function dangerousQuestions(): Asked[] {
  return readdirSync(pages, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith('.test.ts'))
    .sort()
    .flatMap((path) => askedIn(path, readFileSync(join(pages, path), 'utf8')))
}

/** Pure: the same of one file. Both are fields of what `confirm` is given (`web/src/ui/confirm.tsx`). */
export function askedIn(path: string, source: string): Asked[] {
  const tree = ts.createSourceFile('a.tsx', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX)
  const found: Asked[] = []
  function visit(node: ts.Node): void {
    if (ts.isObjectLiteralExpression(node)) {
      const fields = node.properties.map(({ name }) => name?.getText())
      const typed = fields.includes('word')
      if (typed || fields.includes('danger')) found.push({ by: `${path} ${functionAround(node)}`, typed })
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return found
}

/** The nearest function around that has a name. */
function functionAround(node: ts.Node): string {
  for (let at = node.parent; at; at = at.parent)
    if ((ts.isFunctionDeclaration(at) || ts.isMethodDeclaration(at)) && at.name) return at.name.getText()
  return 'the file'
}
