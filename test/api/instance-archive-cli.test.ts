import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildTestCli, type TestCli } from '../../cli/src/testing/run-cli.ts'
import { startDaemon } from '../world.ts'

let daemon: Awaited<ReturnType<typeof startDaemon>>
let cli: TestCli
let folder: string
const file = (name: string) => join(folder, name)

beforeAll(async () => {
  daemon = await startDaemon()
  cli = await buildTestCli(daemon.url)
  await daemon.rest('POST', '/instances', { name: 'home', description: 'Ours' })
})
afterAll(async () => {
  cli.remove()
  await daemon.stop()
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wild-cli-export-'))
  writeFileSync(file('phrase'), 'correct horse battery\n')
  return () => rmSync(folder, { recursive: true })
})

const withPhrase = () => ['--passphrase-file', file('phrase')]

describe('instance export and import', () => {
  it('write a file for the owner alone, and make an instance of it again', async () => {
    const written = await cli.run(['instance', 'export', 'home', '--to', file('home.wild'), ...withPhrase()])
    expect([written.code, written.stdout]).toEqual([0, expect.stringContaining('Exported home to')])
    expect(statSync(file('home.wild')).mode & 0o777).toBe(0o600)
    const read = await cli.run(['instance', 'import', file('home.wild'), '--name', 'again', ...withPhrase(), '--json'])
    expect([read.code, JSON.parse(read.stdout)]).toEqual([
      0,
      expect.objectContaining({ name: 'again', description: 'Ours' }),
    ])
    const taken = await cli.run(['instance', 'import', file('home.wild'), ...withPhrase()])
    expect([taken.code, taken.stderr]).toEqual([4, expect.stringContaining('already an instance named "home"')])
  })

  it('do not replace a file unless told to, and then whole', async () => {
    writeFileSync(file('mine'), 'precious')
    const args = ['instance', 'export', 'home', '--to', file('mine'), ...withPhrase()]
    const refused = await cli.run(args)
    expect([refused.code, readFileSync(file('mine'), 'utf8')]).toEqual([2, 'precious'])
    expect((await cli.run([...args, '--force'])).code).toBe(0)
    expect([statSync(file('mine')).mode & 0o777, readdirSync(folder).sort()]).toEqual([0o600, ['mine', 'phrase']])
  })

  it('say what is wrong with the passphrase without repeating it, and write nothing', async () => {
    writeFileSync(file('short'), 'tiny12')
    const short = await cli.run(['instance', 'export', 'home', '--to', file('x'), '--passphrase-file', file('short')])
    expect([short.code, short.stderr]).toEqual([2, expect.stringContaining('10 characters')])
    const nobody = await cli.run(['instance', 'export', 'home', '--to', file('x')])
    expect([nobody.code, nobody.stderr]).toEqual([2, expect.stringContaining('--passphrase-file')])
    await cli.run(['instance', 'export', 'home', '--to', file('home.wild'), ...withPhrase()])
    writeFileSync(file('wrong'), 'incorrect horse battery')
    const import_ = ['instance', 'import', file('home.wild'), '--name', 'fresh']
    const wrong = await cli.run([...import_, '--passphrase-file', file('wrong')])
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('does not fit')])
    expect(short.stderr + wrong.stderr).not.toMatch(/tiny12|incorrect/)
    expect(existsSync(file('x'))).toBe(false)
  })

  it('say which file cannot be read or written, and which instance is not there', async () => {
    const none = await cli.run(['instance', 'import', file('none'), ...withPhrase()])
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('there is no such file')])
    const nowhere = await cli.run(['instance', 'export', 'home', '--to', file('no/where'), ...withPhrase()])
    expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining('Cannot write')])
    const nobody = await cli.run(['instance', 'export', 'nobody', '--to', file('x'), ...withPhrase()])
    expect([nobody.code, existsSync(file('x'))]).toEqual([3, false])
  })
})

describe('instance trash', () => {
  async function deleted(name: string): Promise<void> {
    await daemon.rest('POST', '/instances', { name })
    expect((await cli.run(['instance', 'delete', name, '--yes'])).code).toBe(0)
  }

  it('lists what was deleted and puts it back by name', async () => {
    await deleted('lost')
    expect((await cli.run(['instance', 'trash', 'list'])).stdout).toMatch(/lost-\d{4}-\d\d-\d\dT/)
    expect((await cli.run(['instance', 'trash', 'restore', 'lost', '--name', 'home'])).code).toBe(4)
    expect((await cli.run(['instance', 'trash', 'restore', 'lost'])).code).toBe(0)
    expect((await daemon.rest('GET', '/instances/lost')).status).toBe(200)
  })

  it('wants to know which one when there are two, and asks before anything is gone for good', async () => {
    await deleted('double')
    await deleted('double')
    const which = await cli.run(['instance', 'trash', 'restore', 'double'])
    expect([which.code, which.stderr.match(/double-\d{4}\S+/g)?.length]).toEqual([2, 2])
    const entry = which.stderr.match(/double-\d{4}\S+/)![0]
    expect((await cli.run(['instance', 'trash', 'delete', entry])).code).toBe(2)
    expect((await cli.run(['instance', 'trash', 'delete', entry, '--yes'])).code).toBe(0)
    expect((await cli.run(['instance', 'trash', 'delete', entry, '--yes'])).code).toBe(3)
    expect((await cli.run(['instance', 'trash', 'restore', 'double'])).code).toBe(0)
  })
})
