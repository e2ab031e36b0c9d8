/** A piece of a line. */
export type Inline =
  | { kind: 'text' | 'code'; text: string }
  | { kind: 'strong' | 'em'; children: Inline[] }
  /** Without an address: it leads to a file of the repository that the app does not show. */
  | { kind: 'link'; href?: string; children: Inline[] }

/** A piece of a page. */
export type Block =
  | { kind: 'heading'; level: number; id: string; children: Inline[] }
  | { kind: 'paragraph'; children: Inline[] }
  | { kind: 'code'; text: string }
  | { kind: 'quote'; children: Block[] }
  | { kind: 'list'; ordered: boolean; items: Block[][] }
  | { kind: 'table'; head: Inline[][]; rows: Inline[][][] }

/** A page of help; `name` is its address below `/help/`. */
export interface HelpDocument {
  name: string
  title: string
  blocks: Block[]
}

/** What a page of help and its parts are called. */
export interface HelpTitles {
  name: string
  title: string
  parts: { id: string; title: string }[]
}

/** The words alone. */
export function plainText(children: readonly Inline[]): string {
  return children.map((child) => ('children' in child ? plainText(child.children) : child.text)).join('')
}

/** The words of a piece of a page. */
export function textOf(block: Block): string {
  switch (block.kind) {
    case 'heading':
    case 'paragraph':
      return plainText(block.children)
    case 'code':
      return block.text
    case 'quote':
      return block.children.map(textOf).join(' ')
    case 'list':
      return block.items.map((item) => item.map(textOf).join(' ')).join(' ')
    case 'table':
      return [block.head, ...block.rows].map((row) => row.map(plainText).join(' ')).join(' ')
  }
}
