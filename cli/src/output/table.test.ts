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
  it('cuts a last column of prose to the width of the terminal', () => {
    const lines = renderTable(columns, rows, paint, 30)
    expect(lines[1]).toBe('traefik  The front door of th…')
  })

  it('leaves everything whole where there is no width, or no room to cut to', () => {
    for (const width of [undefined, 15])
      expect(renderTable(columns, rows, paint, width)[1]).toBe('traefik  The front door of the cluster, for every app.')
  })
})
