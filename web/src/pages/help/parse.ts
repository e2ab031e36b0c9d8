import { Lexer, type Token, type Tokens } from 'marked'
import { type Block, type HelpDocument, type Inline, plainText } from './model.ts'

/** Names of documents, by which their pages are addressed. */
type Names = readonly string[]

/**
 * A text in Markdown as what the app shows. Throws for what it has no piece for, and for a link to a document that is not
 * there: it runs when the app is built, so that nobody meets either.
 */
export function parseDocument(name: string, markdown: string, names: Names): HelpDocument {
  const [first, ...blocks] = blocksOf(new Lexer({ gfm: true }).lex(markdown), names)
  if (first?.kind !== 'heading' || first.level !== 1) throw new Error(`docs/${name}.md does not begin with a title.`)
  return { name, title: plainText(first.children), blocks }
}

function blocksOf(tokens: readonly Token[], names: Names): Block[] {
  return tokens.filter(({ type }) => type !== 'space').map((token) => block(token, names))
}

function block(token: Token, names: Names): Block {
  switch (token.type) {
    case 'heading': {
      const { depth, tokens } = token as Tokens.Heading
      const children = inlines(tokens, names)
      return { kind: 'heading', level: depth, id: anchor(plainText(children)), children }
    }
    case 'paragraph':
    case 'text':
      return { kind: 'paragraph', children: inlines((token as Tokens.Paragraph).tokens, names) }
    case 'code':
      return { kind: 'code', text: (token as Tokens.Code).text }
    case 'blockquote':
      return { kind: 'quote', children: blocksOf((token as Tokens.Blockquote).tokens, names) }
    case 'list': {
      const { ordered, items } = token as Tokens.List
      return { kind: 'list', ordered, items: items.map(({ tokens }) => blocksOf(tokens, names)) }
    }
    case 'table': {
      const { header, rows } = token as Tokens.Table
      const cells = (row: Tokens.TableCell[]) => row.map(({ tokens }) => inlines(tokens, names))
      return { kind: 'table', head: cells(header), rows: rows.map(cells) }
    }
    default:
      throw new Error(`Help cannot show this yet (${token.type}): ${token.raw}`)
  }
}

function inlines(tokens: readonly Token[], names: Names): Inline[] {
  return tokens.map((token) => inline(token, names))
}

function inline(token: Token, names: Names): Inline {
  switch (token.type) {
    case 'text':
    case 'escape':
      return { kind: 'text', text: (token as Tokens.Text).text }
    case 'codespan':
      return { kind: 'code', text: (token as Tokens.Codespan).text }
    case 'strong':
    case 'em':
      return { kind: token.type, children: inlines((token as Tokens.Strong).tokens, names) }
    case 'link': {
      const { href, tokens } = token as Tokens.Link
      return { kind: 'link', href: target(href, names), children: inlines(tokens, names) }
    }
    default:
      throw new Error(`Help cannot show this yet (${token.type}): ${token.raw}`)
  }
}

/** Where a link of a document leads in the app. */
function target(href: string, names: Names): string | undefined {
  if (/^https?:/.test(href) || href.startsWith('#')) return href
  const [, name, part] = /^(?:\.\/)?([\w-]+)\.md(#.*)?$/.exec(href) ?? []
  if (name === undefined) return undefined
  if (!names.includes(name)) throw new Error(`Help links to ${href}, which is not there.`)
  return `/help/${name}${part ?? ''}`
}

/** The id of a heading, made as GitHub does it. */
function anchor(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number} _-]/gu, '')
    .replaceAll(' ', '-')
}
