import { describe, expect, it } from 'vitest'
import { categoriesOf, find } from './find.ts'

const apps = [
  { name: 'immich', title: 'Immich', description: 'Photos of the family.', category: 'media' },
  { name: 'ghost', title: 'Ghost', description: 'A blog; photos too.', category: 'content' },
  { name: 'photoprism', title: 'Photoprism', description: 'Pictures.', category: 'media' },
  { name: 'broken', title: 'broken', description: 'manifest.yaml: no title', category: '' },
]

describe('the catalog', () => {
  it('is searched by every word in name, title, description and category, titles first', () => {
    expect(find(apps, '  PHOTO ', '').map(({ name }) => name)).toEqual(['photoprism', 'immich', 'ghost'])
    expect(find(apps, 'photos media', '').map(({ name }) => name)).toEqual(['immich'])
    expect(find(apps, 'photo', 'content').map(({ name }) => name)).toEqual(['ghost'])
    expect(find(apps, 'nothing like it', '')).toEqual([])
    expect(find(apps, '', '')).toEqual(apps)
  })

  it('counts its categories, without entries that cannot be used', () => {
    expect(categoriesOf(apps)).toEqual([
      ['content', 1],
      ['media', 2],
    ])
  })
})
