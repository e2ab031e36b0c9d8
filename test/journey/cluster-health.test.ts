import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { wildCli } from '../../lab/demo/journey.ts'
import { testCertificates } from '../../server/src/domains/cluster/testing/test-certificates.ts'
import { labDoor } from '../lab-door.ts'
import { root, startTestWorld } from '../world.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 240_000
let world: Awaited<ReturnType<typeof startTestWorld>>
let lab: ReturnType<typeof labDoor>
const servers: Server[] = []

async function cli(...args: string[]) {
  const { code, output } = await wildCli(root, world, args)
  return { code, output }
}

beforeAll(async () => {
  world = await startTestWorld({ speed: 60, machines: 3 })
  lab = labDoor(world.dataDirectory)
  await walkUntil(world, 'cluster')
}, limitMs)
afterAll(async () => {
  for (const server of servers) server.close()
  await world?.remove()
}, limitMs)

interface Check {
  name: string
  status: string
  message: string
  since: string
}
const health = async () => (await world.rest('GET', '/instances/home/cluster/health')).body.data
const find = async (name: string): Promise<Check | undefined> =>
  (await health()).checks.find((each: Check) => each.name === name)

/** Looks until a check is so. */
function until(name: string, fits: (check: Check) => boolean): Promise<Check> {
  return vi.waitFor(
    async () => {
      const check = await find(name)
      if (!check || !fits(check)) throw new Error(`${name} is ${JSON.stringify(check)}`)
      return check
    },
    { timeout: limitMs / 2, interval: 300 },
  )
}
const is = (status: string) => (check: Check) => check.status === status

describe('the health of a cluster', () => {
  it(
    'is told for every part, with since when and the ends of certificates',
    async () => {
      const found = await health()
      expect([found.status, found.checks.filter(({ status }: Check) => status !== 'passing')]).toEqual(['healthy', []])
      const names = found.checks.map(({ name }: Check) => name)
      expect(names).toEqual(expect.arrayContaining(['VIP', 'Clocks', 'Client certificates', 'Certificate authorities']))
      expect(found.checks.every(({ since }: Check) => !Number.isNaN(Date.parse(since)))).toBe(true)
      const ends = found.certificates.map(({ name, kind }: { name: string; kind: string }) => [name, kind])
      expect(ends).toEqual(
        expect.arrayContaining([
          ['kubeconfig', 'client'],
          ['talosconfig', 'client'],
          ['etcd authority', 'authority'],
        ]),
      )
      expect((await cli('cluster', 'health', '--certificates')).output).toMatch(/kubeconfig +client +\d{4}-\d\d-\d\d/)
    },
    limitMs,
  )

  it(
    'remembers since when something is so, from look to look, and what changed',
    async () => {
      await lab.clock(2, 20)
      const first = await until('Clocks', is('warning'))
      expect(first.message).toBe('control-2 is 20 minutes ahead')
      const { checked_at: then } = await health()
      await vi.waitFor(async () => expect((await health()).checked_at).not.toBe(then), {
        timeout: 120_000,
        interval: 300,
      })
      expect((await find('Clocks'))?.since).toBe(first.since)
      await lab.clock(2, 0)
      await until('Clocks', is('passing'))
      const { events } = (await world.rest('GET', '/instances/home/cluster/health/events')).body.data
      const clocks = events.filter(({ name }: Check) => name === 'Clocks').map(({ status }: Check) => status)
      expect(clocks).toEqual(['passing', 'warning'])
      expect((await cli('cluster', 'health', '--history')).output).toContain('control-2 is 20 minutes ahead')
    },
    limitMs,
  )

  it(
    'is looked at by the daemon itself, and told to whoever follows it',
    async () => {
      writeFileSync(join(world.dataDirectory, 'central.yaml'), 'context: home\nhealth:\n  everySeconds: 1\n')
      const socket = world.socket()
      const query = 'subscription { clusterHealth(instance: "home") { status checks { name status message } } }'
      const feed = socket.iterate<{ clusterHealth: { checks: Check[] } }>({ query })
      await lab.fault({ kind: 'unreachable', machine: 3 })
      for await (const { data } of feed) {
        const etcd = data!.clusterHealth.checks.find(({ name }) => name === 'etcd')
        if (etcd?.status !== 'warning') continue
        expect(etcd.message).toContain('control-3 does not answer')
        break
      }
      await lab.clearFaults()
      await until('etcd', is('passing'))
      await socket.dispose()
    },
    limitMs,
  )

  it(
    'costs little and says so when nothing answers any more; a stranger at the VIP is told',
    async () => {
      for (const machine of [1, 2, 3]) await lab.fault({ kind: 'unreachable', machine })
      const dead = await until('API Server', is('failing'))
      expect(dead.message).toContain('does not answer')
      const { cert, key } = { cert: testCertificates.other.certificate, key: testCertificates.other.key }
      const stranger = createServer({ cert, key }, (_request, response) => response.end('hello'))
      servers.push(stranger)
      const vip = (await world.rest('GET', '/instances/home/config?path=cluster.nodes.control.vip')).body.data
      await new Promise<void>((resolve, reject) => stranger.once('error', reject).listen(6443, vip, resolve))
      const check = await until('VIP', ({ message }) => message.includes('somebody else'))
      expect(check.status).toBe('failing')
      const told = await cli('cluster', 'health')
      expect([told.code, told.output]).toEqual([5, expect.stringContaining('somebody else')])
    },
    limitMs,
  )
})
