import { describe, expect, it } from 'vitest'
import { search, type Target } from './match.ts'

const target = (title: string, place?: string): Target => ({ kind: 'page', title, place, href: '/' })
const titles = (targets: Target[], typed: string) => search(targets, typed, 10).map(({ title }) => title)

describe('what the palette finds', () => {
  const all = [
    target('Overview', 'home'),
    target('Nodes', 'home'),
    target('DNS & DHCP'),
    target('Deploy ghost', 'home'),
  ]

  it('is everything in order when nothing is typed, and no more than there is room for', () => {
    expect(titles(all, ' ')).toEqual(['Overview', 'Nodes', 'DNS & DHCP', 'Deploy ghost'])
    expect(search(all, '', 2)).toHaveLength(2)
  })

  it('holds every word that was typed, in any order and case', () => {
    expect(titles(all, 'HOME node')).toEqual(['Nodes'])
    expect(titles(all, 'ghost deploy')).toEqual(['Deploy ghost'])
    expect(titles(all, 'nothing')).toEqual([])
  })

  it('is found by what it is for as well, after whatever is called so', () => {
    const some = [{ ...target('Immich', 'home'), about: 'immich media Photos kept at home' }, target('My photos')]
    expect(titles(some, 'photo')).toEqual(['My photos', 'Immich'])
    expect(titles(some, 'photos home')).toEqual(['Immich'])
  })

  it('is a page before a document of the help that is called the same', () => {
    const some: Target[] = [
      { ...target('Backups'), kind: 'help' },
      target('Backups', 'home'),
      target('Backups of home'),
    ]
    expect(search(some, 'backups', 9).map(({ kind }) => kind)).toEqual(['page', 'page', 'help'])
  })

  it('prefers the beginning of a word, then what is shorter', () => {
    const some = [target('Redeploy'), target('Deploy ghost'), target('Deploy')]
    expect(titles(some, 'dep')).toEqual(['Deploy', 'Deploy ghost', 'Redeploy'])
  })
})
