import { createServer, type Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { talosPort } from '../tcp-probe.ts'
import { aLan } from '../testing/a-lan.ts'
import type { FakeMachine } from '../testing/fake-machines.ts'
import { aContext, runSteps } from '../testing/run-steps.ts'
import { discoverOperation } from './operation.ts'

const net = '127.119.26'
const by = { via: 'cli', reason: 'test' }
const mac = (n: number) => `00:11:22:33:44:0${n}`
const disks = [{ name: 'sda', size: 512e9, serial: 'S1' }]

describe('what else discovery meets', () => {
  let world: Awaited<ReturnType<typeof aLan>>
  let machines: FakeMachine[]
  const servers: Server[] = []

  beforeEach(async () => {
    machines = [
      { mac: mac(1), ip: `${net}.101`, disks, uuid: 'one' },
      { mac: mac(2), ip: `${net}.102`, disks, uuid: 'two' },
    ]
    world = await aLan(net, machines)
  })
  afterEach(async () => {
    for (const server of servers.splice(0)) server.close()
    await world.close()
  })

  function listen(ip: string, server: Server): Promise<void> {
    servers.push(server.unref())
    return new Promise((resolve, reject) => server.once('error', reject).listen(talosPort, ip, resolve))
  }

  async function discover() {
    const operation = discoverOperation(world.deps, world.store)
    const { context, results, warnings } = aContext(world.lan.run)
    await runSteps(await operation.steps({ instance: 'home', timeout: 30, subnet: `${net}.96/28` }, context), context)
    // biome-ignore lint/suspicious/noExplicitAny: the result is shown verbatim
    return { ...(results as { nodes: any[]; others: any[] }), warnings }
  }

  it('tells another service and a host that never answers apart from machines', async () => {
    await listen(
      `${net}.105`,
      createServer(
        (socket) =>
          void socket
            .on('error', () => undefined)
            .resume()
            .end('220 mail.example.com ready\r\n'),
      ),
    )
    await listen(
      `${net}.106`,
      createServer((socket) => void socket.on('error', () => undefined).resume()),
    )
    const { nodes, others } = await discover()
    expect(nodes.map(({ ip }) => ip)).toEqual([`${net}.101`, `${net}.102`])
    expect(others).toEqual([
      { ip: `${net}.105`, kind: 'no-tls', reason: expect.stringContaining('another service') },
      { ip: `${net}.106`, kind: 'silent', reason: expect.stringContaining('never answers') },
    ])
    expect(world.lan.changes()).toEqual([])
  })

  it('tells the interfaces, with why one was chosen', async () => {
    const { nodes } = await discover()
    expect(nodes[0]).toMatchObject({
      interface: 'eth0',
      interface_reason: 'the default route leads out there',
      interfaces: [{ name: 'eth0', mac: mac(1), up: true, default_route: true }],
      uuid: 'one',
    })
  })

  it('warns of a machine at the address of a node that was set up', async () => {
    const record = { name: 'control-1', role: 'controlplane', mac: mac(9), targetIp: `${net}.102` } as const
    await world.store.add('home', [{ ...record, maintenance: false }], by)
    const { nodes, warnings } = await discover()
    expect(nodes[1].problem).toMatch(/address of control-1 of home .*two machines with one address/)
    expect(warnings).toEqual([expect.stringContaining(`${net}.102`)])
  })

  it('warns of a stranger where one of ours should be', async () => {
    machines[1]!.foreign = true
    const record = { name: 'control-1', role: 'controlplane', mac: mac(2), targetIp: `${net}.102` } as const
    await world.store.add('home', [{ ...record, maintenance: false }], by)
    const { nodes } = await discover()
    expect(nodes[1]).toMatchObject({ state: 'stranger', problem: expect.stringContaining('does not accept') })
  })

  it('keeps two machines with one hardware address apart', async () => {
    machines[1]!.mac = mac(1)
    const { nodes } = await discover()
    expect(nodes.map(({ ip }) => ip)).toEqual([`${net}.101`, `${net}.102`])
    expect(nodes.filter(({ problem }) => /hardware address of the machine at/.test(problem ?? ''))).toHaveLength(1)
  })
})
