import { describe, expect, it } from 'vitest'
import { createPaint } from './style.ts'
import { type Column, renderTable } from './table.ts'

const paint = createPaint(false)
const rows = [{ name: 'traefik', text: 'The front door of the cluster, for every app.' }]
const columns: Column<(typeof rows)[0]>[] = [
  { title: 'name', value: ({ name }) => name },
  { title: 'description', value: ({ text }) => text, prose: true },
]

describe('a table', () => {
  it('breaks a last column of prose between words, within its column', () => {
    expect(renderTable(columns, rows, paint, 34)).toEqual([
      'NAME     DESCRIPTION',
      'traefik  The front door of the',
      '         cluster, for every app.',
    ])
  })

  it('puts the text below its row where its column would be too narrow to read', () => {
    expect(renderTable(columns, rows, paint, 28)).toEqual([
      'NAME     DESCRIPTION',
      'traefik',
      '  The front door of the',
      '  cluster, for every app.',
    ])
  })

  it('leaves everything on one line where there is no width', () => {
    expect(renderTable(columns, rows, paint)[1]).toBe('traefik  The front door of the cluster, for every app.')
  })

  it('leaves out spare columns, one after the other, until the others fit', () => {
    const wide: Column<number>[] = [
      { title: 'id', value: () => 'op_123' },
      { title: 'type', value: () => 'app.deploy', spare: 2 },
      { title: 'took', value: () => '3.2s', spare: 1 },
      { title: 'status', value: () => 'completed' },
    ]
    const titles = (width: number) => renderTable(wide, [1], paint, width)[0]!.split(/ +/)
    expect(titles(40)).toEqual(['ID', 'TYPE', 'TOOK', 'STATUS'])
    expect(titles(30)).toEqual(['ID', 'TOOK', 'STATUS'])
    expect(titles(10)).toEqual(['ID', 'STATUS'])
  })
})
