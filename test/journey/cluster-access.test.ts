import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parse, stringify } from 'yaml'
import { wildCli } from '../../lab/demo/journey.ts'
import { labDoor } from '../lab-door.ts'
import { root, startTestWorld } from '../world.ts'
import { walkUntil } from './support/walk-until.ts'

const limitMs = 240_000
let world: Awaited<ReturnType<typeof startTestWorld>>
const cli = (...args: string[]) => wildCli(root, world, args)
const path = (...parts: string[]) => join(world.dataDirectory, 'instances', 'home', ...parts)
const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8)
const fromBase64 = (text: string) => Buffer.from(text, 'base64').toString()

beforeAll(async () => {
  world = await startTestWorld({ speed: 60, machines: 3 })
  await walkUntil(world, 'cluster', 'control-1')
}, limitMs)
afterAll(() => world?.remove(), limitMs)

/** Puts a client certificate that has `days` left into the talosconfig, as time would. */
async function ageTalosconfig(days: number): Promise<void> {
  const config = parse(readFileSync(path('.talos/config'), 'utf8'))
  Object.assign(config.contexts[config.context], await labDoor(world.dataDirectory).certificate(1, days))
  writeFileSync(path('.talos/config'), stringify(config), { mode: 0o600 })
}
/** The same with the kubeconfig. */
async function ageKubeconfig(days: number): Promise<void> {
  const config = parse(readFileSync(path('.kube/config'), 'utf8'))
  const { crt, key } = await labDoor(world.dataDirectory).certificate(1, days, 'kubernetes')
  Object.assign(config.users[0].user, { 'client-certificate-data': crt, 'client-key-data': key })
  writeFileSync(path('.kube/config'), stringify(config), { mode: 0o600 })
}
const access = async () => (await world.rest('GET', '/instances/home/cluster/access')).body.data
const daysLeft = (iso: string) => (Date.parse(iso) - Date.now()) / 86_400_000

describe('access to a cluster', () => {
  it(
    'is written to files only their owner can read, with the context named as wished',
    async () => {
      const file = join(world.dataDirectory, 'out.kubeconfig')
      expect((await cli('cluster', 'kubeconfig', '--out', file, '--context', 'my-home')).code).toBe(0)
      const config = parse(readFileSync(file, 'utf8'))
      expect([config['current-context'], config.contexts[0].name, modeOf(file)]).toEqual(['my-home', 'my-home', '600'])
      const talos = parse((await cli('cluster', 'talosconfig', '--context', 'my-home')).output)
      expect([talos.context, Object.keys(talos.contexts)]).toEqual(['my-home', ['my-home']])
      const refused = await world.rest('GET', '/instances/home/cluster/kubeconfig?context=a%20b')
      expect([refused.status, refused.body.error.details.field]).toEqual([400, 'context'])
      expect((await access()).talosconfig.endpoints).toHaveLength(1)
    },
    limitMs,
  )

  it(
    'is made anew on demand, and standard output has the file alone',
    async () => {
      const before = parse(readFileSync(path('.kube/config'), 'utf8')).users[0].user['client-certificate-data']
      const { output, code } = await cli('cluster', 'kubeconfig', '--regenerate')
      const after = parse(output).users[0].user['client-certificate-data']
      expect([code, after === before]).toEqual([0, false])
      expect(new X509Certificate(fromBase64(after)).serialNumber).toMatch(/^[0-9A-F]+$/)
      expect(modeOf(path('.kube/config'))).toBe('600')
    },
    limitMs,
  )

  it(
    'whose certificate has ended is told, and renewed by the daemon itself from the secrets of the cluster',
    async () => {
      await ageTalosconfig(-1)
      // A look that was shared with an earlier one does not know yet.
      const soon = { timeout: 120_000, interval: 500 }
      await vi.waitFor(
        async () => expect((await cli('cluster', 'health')).output).toContain('talosconfig ended on'),
        soon,
      )
      await vi.waitFor(async () => {
        const { operations } = (await world.rest('GET', '/operations?type=cluster.renew-access&limit=1')).body.data
        expect([operations[0].status, daysLeft((await access()).talosconfig.expires_at) > 300]).toEqual([
          'completed',
          true,
        ])
      }, soon)
      expect(modeOf(path('.talos/config'))).toBe('600')
      await vi.waitFor(
        async () => expect((await cli('cluster', 'health')).output).not.toContain('talosconfig ended'),
        soon,
      )
      expect((await cli('cluster', 'renew')).output).toContain('already done')
    },
    limitMs,
  )

  it(
    'whose certificates have all ended lets nobody in: health says what to type, and that opens both doors again',
    async () => {
      // Whatever the daemon tries by itself comes once a day, and it did so just now.
      await ageKubeconfig(-1)
      await ageTalosconfig(-1)
      const check = async (name: string) =>
        (await world.rest('GET', '/instances/home/cluster/health')).body.data.checks.find(
          (each: { name: string }) => each.name === name,
        )
      const soon = { timeout: 120_000, interval: 500 }
      await vi.waitFor(async () => expect((await check('API Server')).message).toContain('does not take'), soon)
      expect((await check('API Server')).remedy).toContain('wild-cli cluster renew')
      expect((await check('Client certificates')).message).toMatch(
        /talosconfig ended on.*kubeconfig ended on|kubeconfig ended on.*talosconfig ended on/,
      )
      const { body } = await world.rest('POST', '/instances/home/services', { name: 'metallb' })
      const { error } = await world.ended(body.operation_id)
      expect([error.code, error.message]).toEqual(['CLUSTER_UNREACHABLE', expect.stringContaining('cluster renew')])
      expect((await cli('cluster', 'renew')).code).toBe(0)
      await vi.waitFor(async () => expect((await cli('cluster', 'health')).code).toBe(0), soon)
      for (const file of ['.kube/config', '.talos/config']) expect(modeOf(path(file))).toBe('600')
    },
    limitMs,
  )
})
