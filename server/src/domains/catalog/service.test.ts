import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCatalog } from './service.ts'

const app = (name: string, title = name) =>
  `name: ${name}\ntitle: ${title}\ndescription: d\nversion: "1"\ncategory: media\nicon: icon.svg\nlinks: {}\ndependsOn: []\nready: []\n`
const service = (name: string) =>
  `name: ${name}\ntitle: ${name}\ndescription: d\nversion: "1"\ncategory: infrastructure\ncore: true\nnamespace: ${name}\ndependsOn: []\napply: []\n`

describe('the catalog', () => {
  let root: string
  function place(path: string, text: string): void {
    mkdirSync(join(root, path, '..'), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const catalog = () =>
    createCatalog({
      settings: { catalogDirectory: join(root, 'bundled') },
      paths: { localCatalog: join(root, 'local') },
    })

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'wild-catalog-'))
    place('bundled/apps/ghost/manifest.yaml', app('ghost'))
    place('bundled/apps/ghost/icon.svg', '<svg/>')
    place('bundled/setup/cluster-services/metallb/manifest.yaml', service('metallb'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it('lists entries by name, local ones instead of bundled ones of the same name', async () => {
    place('local/apps/ghost/manifest.yaml', app('ghost', 'My Ghost'))
    place('local/apps/blog/manifest.yaml', app('blog'))
    expect((await catalog().apps()).map(({ manifest, local }) => [manifest.title, local])).toEqual([
      ['blog', true],
      ['My Ghost', true],
    ])
  })

  it('takes an edited entry at once', async () => {
    const one = catalog()
    await one.app('ghost')
    place('bundled/apps/ghost/manifest.yaml', app('ghost', 'Edited'))
    expect((await one.app('ghost')).manifest.title).toBe('Edited')
  })

  it('gives the icon of an app, and none for what is not there', async () => {
    expect(await catalog().icon('ghost')).toBe('<svg/>')
    expect(await catalog().icon('nothing')).toBeUndefined()
    expect(await catalog().icon('../ghost')).toBeUndefined()
  })

  it('says what is unknown, and refuses names that are none', async () => {
    await expect(catalog().app('nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(catalog().service('nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(catalog().app('../ghost')).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field: 'app' } })
  })

  it('has nothing to say where there are no folders', async () => {
    rmSync(join(root, 'bundled'), { recursive: true })
    expect(await catalog().apps()).toEqual([])
  })

  it.each([
    ['name: [broken', 'broken'],
    ['name: broken\n', 'title'],
    [app('other'), 'the folder is "broken"'],
    [`${app('broken')}surprise: 1\n`, 'surprise'],
  ])('keeps the others when one is broken, and names file and reason (%#)', async (text, why) => {
    place('local/apps/broken/manifest.yaml', text)
    expect((await catalog().apps()).map(({ manifest }) => manifest.name)).toEqual(['ghost'])
    expect(await catalog().broken('apps')).toMatchObject([{ name: 'broken', local: true }])
    await expect(catalog().app('broken')).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(why),
      details: { file: join(root, 'local/apps/broken/manifest.yaml') },
    })
  })

  it('does not fall back to the bundled entry when the local one of that name is broken', async () => {
    place('local/setup/cluster-services/metallb/manifest.yaml', 'name: metallb')
    expect(await catalog().services()).toEqual([])
    await expect(catalog().service('metallb')).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })
})
