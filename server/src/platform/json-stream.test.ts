import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JsonStreamError, parseJsonDocuments } from './json-stream.ts'

describe('a stream of JSON documents', () => {
  it('is an empty list when there is nothing but space', () => {
    expect(parseJsonDocuments('')).toEqual([])
    expect(parseJsonDocuments(' \n\t')).toEqual([])
  })

  it('gives the documents in order, whatever stands between them', () => {
    expect(parseJsonDocuments('{"a":1}\n{\n    "b": "}{"\n}[1,2]')).toEqual([{ a: 1 }, { b: '}{' }, [1, 2]])
  })

  it('is not fooled by quotes and braces inside strings', () => {
    expect(parseJsonDocuments('{"a":"\\"}{\\\\"}{"b":2}')).toEqual([{ a: '"}{\\' }, { b: 2 }])
  })

  it('says where a document has no end', () => {
    expect(() => parseJsonDocuments('{"a":1}{"b":')).toThrowError(
      new JsonStreamError('The JSON document at offset 7 has no end.', 7),
    )
  })

  it('says where something else than a document stands', () => {
    expect(() => parseJsonDocuments('{} oops')).toThrowError('Expected a JSON document at offset 3.')
  })

  it('reads back any list of objects that was written one after another', () => {
    const json = fc.object({ withNullPrototype: false })
    fc.assert(
      fc.property(
        fc.array(json),
        fc.constantFrom('', '\n', '  \n'),
        fc.constantFrom(0, 4),
        (documents, between, indent) => {
          const expected = documents.map((document) => JSON.parse(JSON.stringify(document)))
          expect(
            parseJsonDocuments(documents.map((document) => JSON.stringify(document, null, indent)).join(between)),
          ).toEqual(expected)
        },
      ),
    )
  })
})
