import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { journey, wildCli } from '../../lab/demo/journey.ts'
import { labCommands, root, startTestWorld } from '../world.ts'

const limitMs = 240_000
let world: Awaited<ReturnType<typeof startTestWorld>>
beforeAll(async () => {
  world = await startTestWorld()
}, limitMs)
afterAll(() => world?.remove(), limitMs)

/** Commands that start an operation. */
const starts = /^(node (discover|setup)|cluster bootstrap|service install-all|app deploy)\b/

/** All that a plan could have changed: the files of the instances, the operations, the commands the machines and the cluster got. */
async function everything() {
  const folder = join(world.dataDirectory, 'instances')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => [file, createHash('sha256').update(readFileSync(file)).digest('hex')])
  const { operations } = (await world.rest('GET', '/operations')).body.data
  const ran = existsSync(join(world.dataDirectory, 'lab/commands.log')) ? labCommands(world.dataDirectory) : []
  const changes = ran.filter(({ mutating }) => mutating).length
  return { files, operations: operations.map(({ operation_id: id }: { operation_id: string }) => id), changes }
}

it(
  'changes nothing before each command of the journey, and says that all is done after it',
  async () => {
    for (const args of journey) {
      const command = args.join(' ')
      if (!starts.test(command)) {
        expect([command, (await wildCli(root, world, args)).code]).toEqual([command, 0])
        continue
      }
      const before = await everything()
      const { code, output } = await wildCli(root, world, [...args, '--plan'])
      expect([command, code, code ? output : '']).toEqual([command, 0, ''])
      expect(output).toContain('Nothing was changed.')
      expect(output).not.toContain('cannot run')
      expect(await everything()).toEqual(before)
      expect([command, (await wildCli(root, world, args)).code]).toEqual([command, 0])
      if (command.startsWith('node discover')) continue
      const after = await everything()
      expect((await wildCli(root, world, [...args, '--plan'])).output).toContain('Everything is done already.')
      expect(await everything()).toEqual(after)
    }
  },
  limitMs,
)
