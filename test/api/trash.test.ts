import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDaemon, temporaryFolder } from '../world.ts'

const folder = temporaryFolder('trash')
const data = join(folder.path, 'data')
const trash = join(data, 'trash')
const dayMs = 24 * 60 * 60 * 1000
let daemon: Awaited<ReturnType<typeof startDaemon>>

beforeAll(async () => {
  daemon = await startDaemon({ data })
})
afterAll(async () => {
  await daemon.stop()
  folder.remove()
})

const at = (instance: string, file: string) => join(data, 'instances', instance, file)
const list = async () => (await daemon.rest('GET', '/trash')).body.data.trash
const stamp = (daysAgo: number) => new Date(Date.now() - daysAgo * dayMs).toISOString().replace(/[:.]/g, '-')

async function deleted(name: string): Promise<string> {
  await daemon.rest('POST', '/instances', { name, description: `This is ${name}` })
  expect((await daemon.rest('DELETE', `/instances/${name}`)).status).toBe(200)
  return (await list()).find((each: { name: string }) => each.name === name).entry
}

describe('deleted instances', () => {
  it('are listed with what they are, newest first', async () => {
    await deleted('first')
    await daemon.rest('POST', '/instances', { name: 'home', description: 'Ours' })
    mkdirSync(at('home', 'apps/ghost'))
    writeFileSync(at('home', 'apps/ghost/a.yaml'), 'a: 1\n')
    await daemon.rest('DELETE', '/instances/home')
    const found = await list()
    expect(found.map(({ name }: { name: string }) => name)).toEqual(['home', 'first'])
    expect(found[0]).toMatchObject({ description: 'Ours', apps: ['ghost'], files: expect.any(Number) })
    expect(found[0].size).toBeGreaterThan(500)
    expect(Date.parse(found[0].gone_at) - Date.parse(found[0].deleted_at)).toBe(30 * dayMs)
  })

  it('come back under their name, with every file, and answer again', async () => {
    const entry = await deleted('back')
    const { status, body } = await daemon.rest('POST', `/trash/${entry}/restore`)
    expect([status, body.data]).toEqual([200, expect.objectContaining({ name: 'back', description: 'This is back' })])
    expect(statSync(at('back', 'secrets.yaml')).mode & 0o777).toBe(0o600)
    expect((await daemon.rest('GET', '/instances/back/config')).body.data.cluster.name).toBe('back')
    expect((await list()).map(({ name }: { name: string }) => name)).not.toContain('back')
    expect((await daemon.rest('GET', '/context')).body.data).toEqual({ current: 'back' })
  })

  it('come back under another name when theirs is taken; until then nothing changes', async () => {
    const entry = await deleted('twice')
    await daemon.rest('POST', '/instances', { name: 'twice' })
    const before = readFileSync(at('twice', '.wildcloud/instance.json'), 'utf8')
    const refused = await daemon.rest('POST', `/trash/${entry}/restore`)
    expect([refused.status, refused.body.error.code, refused.body.error.details.field]).toEqual([
      409,
      'ALREADY_EXISTS',
      'name',
    ])
    expect(readFileSync(at('twice', '.wildcloud/instance.json'), 'utf8')).toBe(before)
    expect(existsSync(join(trash, entry))).toBe(true)
    expect((await daemon.rest('POST', `/trash/${entry}/restore`, { name: 'thrice' })).status).toBe(200)
    expect((await daemon.rest('GET', '/instances/thrice')).body.data.description).toBe('This is twice')
  })

  it.each(['../x', 'Up', ''])('do not come back as %j', async (name) => {
    const [{ entry }] = await list()
    const { status, body } = await daemon.rest('POST', `/trash/${entry}/restore`, { name })
    expect([status, body.error.details.field]).toEqual([400, 'name'])
  })

  it('do not come back when they are no whole instance', async () => {
    const entry = await deleted('partial')
    rmSync(join(trash, entry, '.wildcloud'), { recursive: true })
    expect((await daemon.rest('POST', `/trash/${entry}/restore`)).status).toBe(409)
    expect(existsSync(join(trash, entry, 'config.yaml'))).toBe(true)
    expect(existsSync(at('partial', '.'))).toBe(false)
  })

  it('are removed for good one by one', async () => {
    const entry = await deleted('gone')
    expect((await daemon.rest('DELETE', `/trash/${entry}`)).body).toEqual({
      success: true,
      message: 'Removed for good',
    })
    expect(readdirSync(trash).filter((name) => name.includes('gone'))).toEqual([])
    expect((await daemon.rest('DELETE', `/trash/${entry}`)).status).toBe(404)
  })

  it.each(['..', '%2e%2e%2finstances', 'home', 'note.txt', 'home-2026-99-99T99-99-99-999Z'])(
    'are the only ones that can be named: not %s',
    async (entry) => {
      mkdirSync(trash, { recursive: true })
      writeFileSync(join(trash, 'note.txt'), 'kept by hand')
      const { status } = await daemon.rest('DELETE', `/trash/${entry}`)
      expect([400, 404]).toContain(status)
      expect(existsSync(join(trash, 'note.txt'))).toBe(true)
      expect(existsSync(join(data, 'instances'))).toBe(true)
    },
  )

  it('are the same in GraphQL', async () => {
    const entry = await deleted('graph')
    const listed = await daemon.graphql('{ trash { entry name deletedAt goneAt size files apps description } }')
    expect(listed.body.data.trash[0]).toMatchObject({ entry, name: 'graph' })
    const restored = await daemon.graphql(
      'mutation ($entry: String!) { restoreInstance(entry: $entry, name: "graph-2") { name } }',
      { entry },
    )
    expect(restored.body.data).toEqual({ restoreInstance: { name: 'graph-2' } })
  })
})

describe('the trash over time', () => {
  async function restartWith(central: string): Promise<void> {
    await daemon.stop()
    writeFileSync(join(data, 'central.yaml'), central)
    for (const [name, days] of [
      ['old', 31],
      ['recent', 29],
      ['stranger-folder', undefined],
    ] as const)
      mkdirSync(join(trash, days === undefined ? name : `${name}-${stamp(days)}`, '.wildcloud'), { recursive: true })
    mkdirSync(join(trash, '.old.0123456789ab.tmp'), { recursive: true })
    daemon = await startDaemon({ data })
  }
  const names = () => readdirSync(trash).map((name) => name.replace(/-\d{4}-.*/, ''))

  it('forgets at the start what was deleted more than 30 days ago, and what was half-removed; nothing else', async () => {
    await restartWith('')
    await expect.poll(names).not.toContain('old')
    expect(names()).toEqual(expect.arrayContaining(['recent', 'stranger-folder', 'note.txt']))
    expect(names()).not.toContain('.old.0123456789ab.tmp')
  })

  it('keeps them as long as central.yaml says', async () => {
    await restartWith('trash: {keepDays: 7}\n')
    await expect.poll(names).not.toContain('recent')
    expect(names()).toContain('stranger-folder')
  })

  it('keeps everything when that setting makes no sense', async () => {
    await restartWith('trash: {keepDays: soon}\n')
    const old = (await list()).find(({ name }: { name: string }) => name === 'old')
    expect(old.gone_at).toBeUndefined()
    expect(readFileSync(join(data, 'logs/wildd.log'), 'utf8')).toContain('the trash was not looked through')
  })
})
