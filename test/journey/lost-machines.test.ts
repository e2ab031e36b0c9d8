import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { journey, wildCli } from '../../lab/demo/journey.ts'
import { labDoor } from '../lab-door.ts'
import { endProcess, labCommands, root } from '../world.ts'
import { commandIn } from './support/hands.ts'
import { type Rehearsal, startRehearsal } from './support/rehearsal.ts'
import { succeed } from './support/succeed.ts'

const limitMs = 400_000
/** Waits of ten to twenty minutes end within half a minute; what the lab does takes a second. */
const haste = 80
let world: Rehearsal
let lab: ReturnType<typeof labDoor>

const cli = (...args: string[]) => succeed(world, ...args)

beforeAll(async () => {
  world = await startRehearsal()
  lab = labDoor(world.dataDirectory)
  for (const args of journey.slice(0, 7)) await cli(...args)
  await endProcess(world.daemon, 'SIGTERM')
  await world.bootDaemon({ haste })
}, limitMs)
afterAll(() => world?.remove(), limitMs)

const machine = async (number: number) => (await lab.state()).machines[number - 1]
const writes = async (number: number): Promise<string[]> =>
  (await lab.state()).diskWrites
    .filter((write: { machine: number }) => write.machine === number)
    .map(({ action }: { action: string }) => action)
const reboots = () => labCommands(world.dataDirectory).filter(({ argv, exit }) => argv[0] === 'reboot' && !exit).length

/** Runs a command whose machine never comes back; what it says at its end. */
async function inVain(number: number, ...args: string[]): Promise<string> {
  await lab.fault({ kind: 'never-returns', machine: number, times: 1 })
  const { code, output } = await wildCli(root, world, args)
  expect([args.join(' '), code]).toEqual([args.join(' '), 5])
  expect((await machine(number)).stuck).toBe(true)
  return output
}

/** Somebody goes there, and it comes back. */
async function comesBack(number: number): Promise<void> {
  await lab.clearFaults()
  await expect.poll(async () => (await machine(number)).up, { timeout: 60_000 }).toBe(true)
}

describe('a machine that never comes back', () => {
  it(
    'from its set-up is named, with where to look and what to type; back again, that finishes and writes nothing twice',
    async () => {
      const output = await inVain(1, 'node', 'setup', 'control-1', '--yes')
      expect(output).toMatch(
        /control-1 \(127[\d.]+\) did not come back at 127[\d.]+\. .*no answer at 127[\d.]+ yet.*Look at the machine's screen/,
      )
      await comesBack(1)
      await cli(...commandIn(output, /operation retry op_[\w-]+/))
      expect(await writes(1)).toEqual(['install'])
      expect(await cli('node', 'setup', 'control-1', '--yes')).toContain('already done')
      await cli('node', 'setup', 'worker-1', '--yes')
      await cli('cluster', 'bootstrap')
    },
    limitMs,
  )

  it(
    'from an upgrade is named with both ways on, the nodes after it stay as they are, and the command told finishes',
    async () => {
      const output = await inVain(2, 'cluster', 'upgrade', '--talos', 'v1.11.6', '--yes')
      expect(output).toMatch(
        /worker-1 \(127[\d.]+\) did not get to Talos v1.11.6: it did not come back\. The nodes after it are left as they are\. To go on: look at its screen.*To go back: .*other boot slot.*node rollback worker-1.*node remove worker-1 --gone/,
      )
      expect((await machine(1)).talosVersion).toBe('v1.11.5')
      expect(await writes(1)).toEqual(['install'])
      await comesBack(2)
      await cli(...commandIn(output, /cluster upgrade --talos v1.11.6/), '--yes')
      expect([await writes(1), await writes(2)]).toEqual([
        ['install', 'upgrade'],
        ['install', 'upgrade'],
      ])
    },
    limitMs,
  )

  it(
    'from a restart is named, the nodes after it are not restarted, and retried none is restarted twice',
    async () => {
      const output = await inVain(2, 'cluster', 'reboot', '--yes')
      expect(output).toMatch(
        /worker-1 \(127[\d.]+\) did not come back after its restart\. The nodes after it are left as they are\. Look at its screen.*node remove worker-1 --gone/,
      )
      expect(reboots()).toBe(1)
      await comesBack(2)
      await cli(...commandIn(output, /operation retry op_[\w-]+/))
      expect(reboots()).toBe(2)
      expect((await machine(1)).up).toBe(true)
    },
    limitMs,
  )
})
