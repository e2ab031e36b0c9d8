import { createServer } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { wildCli } from '../../lab/demo/journey.ts'
import { labDoor } from '../lab-door.ts'
import { labCommands, root, startTestWorld } from '../world.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 300_000
let world: Awaited<ReturnType<typeof startTestWorld>>
let lab: ReturnType<typeof labDoor>
let lan: string

async function cli(...args: string[]): Promise<void> {
  const { code, output } = await wildCli(root, world, args)
  expect(`${args.join(' ')}: ${code}${code ? output : ''}`).toBe(`${args.join(' ')}: 0`)
}

beforeAll(async () => {
  world = await startTestWorld({ speed: 60, machines: 2 })
  lab = labDoor(world.dataDirectory)
  await walkUntil(world, 'machines')
  const vip: string = (await world.rest('GET', '/instances/home/config')).body.data.cluster.nodes.control.vip
  lan = vip.split('.').slice(0, 3).join('.')
  await cli('config', 'set', 'cloud.router.ip', `${lan}.250`)
  await cli('node', 'setup', 'control-1', '--yes')
}, limitMs)
afterEach(() => lab.clearFaults())
afterAll(() => world?.remove(), limitMs)

const start = async () => (await world.rest('POST', '/instances/home/cluster/bootstrap', {})).body.operation_id
const bootstrap = async () => world.ended(await start())
const bootstraps = () => labCommands(world.dataDirectory).filter(({ argv, exit }) => argv[0] === 'bootstrap' && !exit)

/** Waits until the log of the operation says something like this. */
async function untilItSays(id: string, words: RegExp): Promise<void> {
  const { body } = await fetch(`${world.url}/api/v1/operations/${id}/logs`)
  const decoder = new TextDecoder()
  let said = ''
  for await (const part of body!) {
    said += decoder.decode(part, { stream: true })
    if (words.test(said)) return
  }
  throw new Error(`It ended without saying so:\n${said}`)
}

describe('bootstrapping a cluster', () => {
  it(
    'is refused before anything is done while a stranger answers at the virtual address',
    async () => {
      const vip = (await world.rest('GET', '/instances/home/config')).body.data.cluster.nodes.control.vip
      const stranger = createServer((socket) => socket.destroy())
      await new Promise<void>((resolve, reject) => stranger.once('error', reject).listen(6443, vip, resolve))
      const { status, error } = await bootstrap()
      await new Promise((resolve) => stranger.close(resolve))
      expect([status, error.code]).toEqual(['failed', 'CONFLICT'])
      expect(error.message).toMatch(new RegExp(`${vip} of the cluster is in use.*cluster.nodes.control.vip`))
      expect(labCommands(world.dataDirectory).some(({ argv }) => argv[0] === 'bootstrap')).toBe(false)
    },
    limitMs,
  )

  it(
    'names the machine that was told a wrong router, and the right one',
    async () => {
      const { status, error } = await bootstrap()
      expect([status, error.code]).toEqual(['failed', 'CONFLICT'])
      expect(error.message).toMatch(
        new RegExp(`clock of control-1 .*through ${lan}.250, .*network is ${lan}.1. .*node setup control-1`),
      )
      await cli('config', 'set', 'cloud.router.ip', `${lan}.1`)
      await cli('node', 'setup', 'control-1', '--yes')
    },
    limitMs,
  )

  it(
    'names a wrong clock while it waits, and the machine that vanishes meanwhile; then the same command finishes',
    async () => {
      await lab.clock(1, -600)
      const id = await start()
      await untilItSays(id, /clock of control-1 \(.*\) is not in sync: it reaches no time server/)
      await lab.fault({ kind: 'unreachable', machine: 1 })
      const { status, error } = await world.ended(id)
      expect([status, error.code]).toEqual(['failed', 'MACHINE_OFFLINE'])
      expect(error.message).toMatch(/failed on control-1 .*check power and cable, then run this again/)
      expect(bootstraps()).toEqual([])
      await lab.clearFaults()
      await lab.clock(1, 0)
      expect((await bootstrap()).status).toBe('completed')
      expect(bootstraps()).toHaveLength(1)
    },
    limitMs,
  )
})
