import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textOf } from './model.ts'
import { parseDocument } from './parse.ts'
import { partsOf, searchParts } from './search.ts'

const files = import.meta.glob<string>('../../../../docs/*.md', { query: '?raw', import: 'default', eager: true })
const texts = new Map(Object.entries(files).map(([path, text]) => [/([^/]+)\.md$/.exec(path)![1]!, text]))
const names = [...texts.keys()]
const read = (name: string) => parseDocument(name, texts.get(name)!, names)

describe('the documentation', () => {
  it.each(names)('%s can be shown as it is', (name) => {
    const { title, blocks } = read(name)
    expect(title).not.toBe('')
    expect(blocks.length).toBeGreaterThan(0)
  })

  it('keeps what looks like HTML as the text it is', () => {
    const [block] = parseDocument('a', '# A\n\nsay `<b>` & 1 < 2, "q"', names).blocks
    expect(textOf(block!)).toBe('say <b> & 1 < 2, "q"')
  })

  it('refuses HTML, pictures and links to a document that is not there, when the app is built', () => {
    for (const text of ['<script>x</script>', '![a](b.png)', '[a](gone.md)', 'a <b>b</b>'])
      expect(() => parseDocument('a', `# A\n\n${text}`, names)).toThrow(/Help/)
    expect(() => parseDocument('a', 'no title', names)).toThrow(/title/)
  })

  it('leads from document to document, out of it, and nowhere for files that are no help', () => {
    const text = '[a](pxe.md#dhcp) [b](https://example.com) [c](../README.md) [d](#here)'
    const [block] = parseDocument('a', `# A\n\n${text}`, names).blocks
    const links = block?.kind === 'paragraph' ? block.children.filter((each) => each.kind === 'link') : []
    expect(links.map(({ href }) => href)).toEqual(['/help/pxe#dhcp', 'https://example.com', undefined, '#here'])
  })
})

describe('the search', () => {
  const parts = partsOf(names.map(read))

  it('finds a part by any word of it', () => {
    const filled = parts.filter(({ text }) => text.trim())
    fc.assert(
      fc.property(fc.constantFrom(...filled), fc.nat(), (part, at) => {
        const words = part.text.trim().split(/\s+/)
        const hits = searchParts(parts, words[at % words.length]!, parts.length)
        expect(
          hits.some(({ document, heading }) => document === part.document && heading?.id === part.heading?.id),
        ).toBe(true)
      }),
    )
  })

  it('puts what is called so first, and finds nothing for nothing', () => {
    expect(searchParts(parts, 'reset', 5)[0]!.heading?.text).toBe('Reset')
    expect(searchParts(parts, '  ', 5)).toEqual([])
    expect(searchParts(parts, 'no-such-word', 5)).toEqual([])
  })
})
