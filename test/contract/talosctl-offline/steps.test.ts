import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commands } from '../../../lab/src/talosctl/table.ts'
import { root, temporaryFolder } from '../../world.ts'
import { helpOf, type Told, walkSteps, writePatches } from './run.ts'
import { flagsIn, shapeOf } from './shape.ts'
import { steps } from './steps.ts'

const standIn = [process.execPath, join(root, 'lab/bin/talosctl')]
let folder: ReturnType<typeof temporaryFolder>
let told: Told[]

beforeAll(async () => {
  folder = temporaryFolder('talosctl-steps')
  writePatches(folder.path)
  told = await walkSteps(standIn, folder.path, steps)
}, 240_000)
afterAll(() => folder?.remove())

describe('the stand-in talosctl, without a machine', () => {
  it('does each step as the facts about the real one say', () => {
    expect(told.filter(({ wrong }) => wrong.length > 0)).toEqual([])
  })

  it('writes files of the recorded shape', () => {
    const shape = (file: string): unknown => told.find(({ shapes }) => file in shapes)?.shapes[file]
    expect(shape('secrets.yaml')).toMatchObject([
      {
        certs: {
          etcd: { crt: '<CERTIFICATE>', key: '<EC PRIVATE KEY>' },
          os: { crt: '<CERTIFICATE>', key: '<ED25519 PRIVATE KEY>' },
        },
        cluster: { id: '<32 bytes>', secret: '<32 bytes>' },
        secrets: { bootstraptoken: '<token>', secretboxencryptionsecret: '<32 bytes>' },
        trustdinfo: { token: '<token>' },
      },
    ])
    expect(shape('gen/worker.yaml')).toMatchObject([
      { machine: { type: 'worker', token: '<token>', ca: { crt: '<CERTIFICATE>', key: '' } } },
    ])
    expect(shape('controlplane.final.yaml')).toMatchObject([
      { machine: { network: { hostname: 'node-1' }, install: { disk: '/dev/sda' } } },
    ])
    expect(shape('gen/talosconfig')).toMatchObject([{ context: 'home', contexts: { home: { endpoints: [] } } }])
  })

  it('lists in its help every flag it takes', async () => {
    for (const { path, flags } of commands) {
      const listed = flagsIn(await helpOf(standIn, path, folder.path))
      expect([path, listed]).toEqual([path, [...new Set(flags.map(({ name }) => name))].sort()])
    }
  }, 240_000)
})

describe('shapes', () => {
  it('keep what is chosen and hide what is random', () => {
    const pem = Buffer.from('-----BEGIN CERTIFICATE-----\nx\n').toString('base64')
    expect(shapeOf({ b: [pem, 'abcdef.0123456789abcdef'], a: 'home' })).toEqual({
      a: 'home',
      b: ['<CERTIFICATE>', '<token>'],
    })
  })

  it('read flags of a help text, those of all commands left out', () => {
    const help =
      'Usage:\n\nFlags:\n  -f, --force   x\n      --mode string   y\n  -h, --help   z\n\nGlobal Flags:\n      --other   w\n'
    expect(flagsIn(help)).toEqual(['force', 'mode'])
  })
})
