import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wildCli } from '../../lab/demo/journey.ts'
import { labDoor } from '../lab-door.ts'
import { root, startTestWorld } from '../world.ts'
import { succeed } from './support/succeed.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 180_000
let world: Awaited<ReturnType<typeof startTestWorld>>
let lab: ReturnType<typeof labDoor>
beforeAll(async () => {
  world = await startTestWorld({ speed: 60 })
  lab = labDoor(world.dataDirectory)
  await walkUntil(world, 'machines')
  await succeed(world, 'node', 'assign', 'control-1', 'control-2', 'control-3')
}, limitMs)
afterAll(() => world?.remove(), limitMs)

const node = async (name: string) => (await world.rest('GET', `/instances/home/nodes/${name}`)).body.data
const writes = async () => (await lab.state()).diskWrites

/** Sets a node up over REST; the error it ended with, if any. */
async function refusal(name: string, body: Record<string, unknown> = {}) {
  const { body: started } = await world.rest('POST', `/instances/home/nodes/${name}/setup`, body)
  return (await world.ended(started.operation_id)).error
}

describe('a disk that is not the one to wipe', () => {
  it(
    'is never written to: another disk in its place, one with files, Talos of somebody else',
    async () => {
      const disks = await Promise.all(
        ['control-1', 'control-2', 'control-3'].map(async (name) => (await node(name)).disk),
      )
      const [one, two, three] = disks.map((path: string) => path.replace('/dev/', ''))
      await lab.disk({ machine: 1, disk: one!, serial: 'EXCHANGED-1' })
      await lab.disk({ machine: 2, disk: two!, filesystem: 'ext4', label: 'photos' })
      await lab.disk({ machine: 3, disk: three!, filesystem: 'talos' })
      const reasons = [/not the disk that was chosen.*EXCHANGED-1/, /ext4 "photos"/, /an installation of Talos/]
      for (const [index, reason] of reasons.entries()) {
        const name = `control-${index + 1}`
        const error = await refusal(name)
        expect([error.code, error.message]).toEqual(['CONFLICT', expect.stringMatching(reason)])
        expect(error.message).toContain(name)
        expect(error.message).toContain(`--accept-disk ${error.details.accept}`)
        const again = await refusal(name, { accept_disk: 'some other word' })
        expect(again.message).toContain('"some other word" is not its word')
      }
      expect(await writes()).toEqual([])
    },
    limitMs,
  )

  it(
    'is written to, and nothing else, once its word is typed',
    async () => {
      const { disk } = await node('control-1')
      const { code, output } = await wildCli(root, world, [
        ...['node', 'setup', 'control-1', '--accept-disk', 'EXCHANGED-1', '--yes'],
      ])
      expect([code, output]).toEqual([0, expect.stringContaining('control-1 is set up.')])
      expect(await writes()).toMatchObject([{ machine: 1, disk, serial: 'EXCHANGED-1', action: 'install' }])
      expect((await node('control-1')).disk_serial).toBe('EXCHANGED-1')
      expect(await refusal('control-1')).toBeUndefined()
      expect(await writes()).toHaveLength(1)
    },
    limitMs,
  )

  it(
    'is asked for again right before it is written to',
    async () => {
      const { disk } = await node('control-2')
      const name = disk.replace('/dev/', '')
      await lab.disk({ machine: 2, disk: name, filesystem: '' })
      expect(await refusal('control-2', { deploy: false })).toBeUndefined()
      await lab.disk({ machine: 2, disk: name, serial: 'EXCHANGED-2' })
      expect((await refusal('control-2')).message).toMatch(/EXCHANGED-2/)
      await lab.disk({ machine: 2, disk: name, missing: true })
      expect((await refusal('control-2', { accept_disk: 'EXCHANGED-2' })).message).toMatch(/has no disk/)
      expect(await writes()).toHaveLength(1)
    },
    limitMs,
  )
})
