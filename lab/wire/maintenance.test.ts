import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { resourceTypes } from '../src/machines/resources/index.ts'
import { secure } from '../src/test-lab/cluster.ts'
import type { TestLab } from '../src/test-lab/start.ts'
import type { Stand } from '../src/test-lab/talosctl.ts'
import { call } from './grpc.ts'
import { definitionSpec, rpcs, state } from './messages.ts'
import { decode, type Fields } from './protobuf.ts'
import { failure, startWireLab, type WireLab } from './support.ts'

let world: WireLab
let lab: TestLab
let stand: Stand
const onWire = (args: string[]) => world.onWire(args)
const insecure = (host: number) => world.insecure(host)

beforeAll(async () => {
  world = await startWireLab()
  ;({ lab, stand } = world)
})
afterAll(() => world?.close())

describe('a machine in maintenance mode', () => {
  it('answers every kind of resource over the wire exactly as over the socket', async () => {
    for (const { type, sensitive } of resourceTypes) {
      const args = ['get', type, ...insecure(101), '-o', 'json']
      const [socket, grpc] = await Promise.all([stand.run(args, lab.env), onWire(args)])
      expect([type, grpc]).toEqual([type, socket])
      if (sensitive) expect(grpc.err).toContain('code = PermissionDenied desc = not authorized')
    }
  })

  it('names each type so that every word means one type only', async () => {
    const found = await call({ endpoint: lab.at(101) }, state.list, {
      namespace: 'meta',
      type: 'ResourceDefinitions.meta.cosi.dev',
    })
    const specs = found.map(({ resource }) => decode(definitionSpec, resource.spec.proto_spec))
    const words = specs.flatMap((spec) => spec.all_aliases as string[])
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([])
    for (const word of [
      'disks',
      'disk',
      'links',
      'routes',
      'addresses',
      'members',
      'machinestatus',
      'hostname',
      'hs',
      'mc',
    ])
      expect(words).toContain(word)
    expect(specs.find(({ resource_type }) => resource_type === 'Disks.block.talos.dev')).toMatchObject({
      default_namespace: 'runtime',
      print_columns: expect.arrayContaining([{ name: 'SIZE', json_path: '{.pretty_size}' }]),
      sensitivity: 0,
    })
    expect(specs.find(({ resource_type }) => resource_type.startsWith('MachineConfigs'))!.sensitivity).toBe(1)
  })

  it('tells its disks by the older API too', async () => {
    const [answer] = await call({ endpoint: lab.at(102) }, rpcs.disks, {})
    expect(answer!.messages[0].disks.map((disk: Fields) => [disk.device_name, disk.type])).toEqual([
      ['/dev/nvme0n1', 3],
      ['/dev/sda', 2],
      ['/dev/sdb', 2],
      ['/dev/sr0', 5],
      ['/dev/loop0', 1],
    ])
  })

  it('has no version, no bootstrap and no way to write resources', async () => {
    const to = { endpoint: lab.at(101) }
    const none = 'rpc error: code = Unimplemented desc = API is not implemented in maintenance mode'
    expect(await failure(call(to, rpcs.version, {}))).toBe(none)
    expect(await failure(call(to, rpcs.bootstrap, {}))).toBe(none)
    expect(await failure(call(to, rpcs.healthCheck, {}))).toBe(none)
    expect(await failure(call(to, state.create, {}))).toBe(
      'rpc error: code = PermissionDenied desc = write access is not allowed',
    )
  })

  it('refuses types, namespaces and ids it does not have', async () => {
    const list = (namespace: string, type: string) =>
      failure(call({ endpoint: lab.at(101) }, state.list, { namespace, type }))
    expect(await list('runtime', 'No.such.dev')).toBe(
      'rpc error: code = PermissionDenied desc = resource type "No.such.dev" is not supported',
    )
    expect(await list('nowhere', 'Disks.block.talos.dev')).toContain('namespace "nowhere" is not supported')
    expect((await onWire(['get', 'nosuch', ...insecure(101)])).err).toBe(
      'rpc error: code = NotFound desc = resource "nosuch" is not registered\n',
    )
    expect((await onWire(['get', 'disks', 'nope', ...insecure(101)])).err).toContain(
      "resource Disks.block.talos.dev(runtime/nope@undefined) doesn't exist",
    )
  })

  it('shows no certificate that a talosconfig trusts', async () => {
    expect((await onWire(['get', 'disks', ...secure(lab.at(101))])).err).toContain(
      'x509: certificate signed by unknown authority',
    )
  })
})
