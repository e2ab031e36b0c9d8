import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { wildCli } from '../../lab/demo/journey.ts'
import { labDoor } from '../lab-door.ts'
import { root, startTestWorld } from '../world.ts'

const limitMs = 120_000
const longhorn = '613e1592b2da41ae5e265e8789429f22e121aab91cb4deb6bc3c0b6262961245'
const at = '/instances/home/talos/schematic'
let world: Awaited<ReturnType<typeof startTestWorld>>
let lab: ReturnType<typeof labDoor>

const put = (body: object, query = '') => world.rest('PUT', `${at}${query}`, body)
const config = () => readFileSync(join(world.dataDirectory, 'instances/home/config.yaml'), 'utf8')
const boot = () => join(world.dataDirectory, 'cache/boot')
const files = () => readdirSync(boot()).sort()
const assets = async () => (await world.rest('GET', '/pxe/assets')).body.data.assets
const cli = (...args: string[]) => wildCli(root, world, args)

async function download(body: object = { instance: 'home' }) {
  const answer = await world.rest('POST', '/pxe/assets/download', body)
  expect([answer.status, answer.body]).toEqual([202, expect.objectContaining({ operation_id: expect.any(String) })])
  return world.ended(answer.body.operation_id)
}
// biome-ignore lint/suspicious/noExplicitAny: the record as REST tells it
const worked = (record: any) => record.steps.filter(({ state }: any) => state === 'done').map(({ id }: any) => id)

describe('Talos images', () => {
  beforeAll(async () => {
    world = await startTestWorld()
    lab = labDoor(world.dataDirectory)
    await world.rest('POST', '/instances', { name: 'home' })
  }, limitMs)
  afterAll(() => world?.remove(), limitMs)
  afterEach(() => lab.clearFaults())

  describe('schematics', () => {
    it('of a new instance hold what Longhorn needs, under the id the factory gives', async () => {
      const { data } = (await world.rest('GET', at)).body
      expect(data).toMatchObject({
        schematic_id: longhorn,
        computed_id: longhorn,
        extensions: ['siderolabs/iscsi-tools', 'siderolabs/util-linux-tools'],
        kernel_arguments: [],
      })
      expect(createHash('sha256').update(data.yaml).digest('hex')).toBe(longhorn)
    })

    it('are changed only when it is not a plan, and only in what is named', async () => {
      const before = config()
      const planned = await put({ extensions: ['zfs', 'gvisor', 'zfs'] }, '?plan=true')
      expect([planned.status, planned.body.data.diff]).toEqual([200, expect.stringContaining('+')])
      expect(config()).toBe(before)
      const { data } = (await put({ extensions: ['zfs', 'gvisor', 'zfs'] })).body
      expect(data.schematic.schematic_id).toBe(planned.body.data.schematic.schematic_id)
      expect(data.schematic.extensions).toEqual(['siderolabs/gvisor', 'siderolabs/zfs'])
      const more = (await put({ kernel_arguments: ['console=ttyS0', '-talos.halt_if_installed'] })).body.data.schematic
      expect(more).toMatchObject({
        extensions: ['siderolabs/gvisor', 'siderolabs/zfs'],
        kernel_arguments: ['console=ttyS0', '-talos.halt_if_installed'],
      })
      expect(config()).toContain(more.schematic_id)
      expect((await put({ kernel_arguments: ['console=ttyS0', '-talos.halt_if_installed'] })).body.data.diff).toBe('')
    })

    it.each([
      ['an extension the factory has not', { extensions: ['siderolabs/no-such'] }, 'extensions'],
      ['an extension that is none', { extensions: ['../evil'] }, 'extensions.0'],
      ['an argument with a space in it', { kernel_arguments: ['a b'] }, 'kernelArguments.0'],
      ['a field the factory does not know', { schematic: { customisation: {} } }, 'schematic'],
      ['nothing', {}, 'extensions'],
    ])('refuse %s, and stay', async (_what, body, field) => {
      const before = config()
      const { status, body: answer } = await put(body)
      expect([status, answer.error.details.field]).toEqual([400, field])
      expect(config()).toBe(before)
    })

    it('can be set while the factory is away, which is said', async () => {
      await lab.fault({ kind: 'download-unavailable' })
      const { data } = (await put({ extensions: ['tailscale'] })).body
      expect(data.warnings).toEqual([expect.stringContaining('is not known')])
      expect((await world.rest('GET', '/talos/versions')).body.error).toMatchObject({
        code: 'DOWNLOAD_FAILED',
        message: expect.stringContaining('Check the internet connection'),
      })
    })

    it('are told to the factory under the very id that was worked out here', async () => {
      const { status, body } = await world.rest('POST', `${at}/upload`)
      expect([status, body.data.schematic_id]).toEqual([200, body.data.computed_id])
    })

    it('and versions are listed on the command line', async () => {
      expect((await cli('talos', 'versions')).output).toMatch(/^v1\.12\.4\nv1\.12\.3\n/)
      expect((await cli('talos', 'extensions')).output).toContain('siderolabs/iscsi-tools')
      expect((await cli('talos', 'schematic', 'set', '--add-extension', 'zfs', '--plan')).output).toContain('+')
      const set = await cli('talos', 'schematic', 'set', '--add-extension', 'zfs', '--remove-extension', 'tailscale')
      expect([set.code, (await cli('talos', 'schematic', 'show')).output]).toEqual([0, expect.stringContaining('zfs')])
      expect((await cli('talos', 'extensions', '--talos-version', 'v9.9.9')).code).toBe(3)
    })
  })

  describe('the files machines boot from', () => {
    it('come for version and schematic of an instance, which the factory is told first', async () => {
      const plan = await world.rest('POST', '/pxe/assets/download?plan=true', { instance: 'home' })
      expect([plan.status, plan.body.data.nothing_to_do]).toEqual([200, false])
      const record = await download()
      expect([record.status, record.error]).toEqual(['completed', undefined])
      expect(worked(record)[0]).toBe('schematic')
      const listed = await assets()
      expect(listed.map(({ kind }: { kind: string }) => kind).sort()).toEqual([
        'cmdline',
        'initramfs',
        'kernel',
        'loader',
        'loader',
      ])
      for (const { path, sha256, size } of listed) {
        const bytes = readFileSync(path)
        expect([bytes.length, createHash('sha256').update(bytes).digest('hex')]).toEqual([size, sha256])
      }
      expect(listed.find(({ kind }: { kind: string }) => kind === 'kernel').used_by).toEqual(['home'])
    })

    it('are not downloaded again', async () => {
      const before = files()
      const record = await download()
      expect([record.status, worked(record), files()]).toEqual(['completed', [], before])
    })

    it(
      'are gone on with when the download breaks off, and whole at the end',
      async () => {
        await lab.fault({ kind: 'download-breaks-off', command: 'metal-amd64.iso', times: 1 })
        const record = await download({ instance: 'home', kinds: ['iso'] })
        expect([record.status, record.error]).toEqual(['completed', undefined])
        const [iso] = (await assets()).filter(({ kind }: { kind: string }) => kind === 'iso')
        expect(createHash('sha256').update(readFileSync(iso.path)).digest('hex')).toBe(iso.sha256)
        expect(files().filter((name) => name.includes('.part'))).toEqual([])
      },
      limitMs,
    )

    it(
      'are saved elsewhere, whole or from where a download broke off, also on the command line',
      async () => {
        const [iso] = (await assets()).filter(({ kind }: { kind: string }) => kind === 'iso')
        const bytes = readFileSync(iso.path)
        const url = `${world.url}/api/v1/pxe/assets/${iso.id}/file`
        const whole = await fetch(url)
        expect([whole.status, Buffer.from(await whole.arrayBuffer()).equals(bytes)]).toEqual([200, true])
        expect(whole.headers.get('content-disposition')).toContain(iso.saved_name)
        const rest = await fetch(url, { headers: { range: 'bytes=1000-' } })
        expect([rest.status, Buffer.from(await rest.arrayBuffer()).equals(bytes.subarray(1000))]).toEqual([206, true])
        expect((await world.rest('GET', '/pxe/assets/nothing/file')).status).toBe(404)
        const to = join(world.dataDirectory, 'lab/saved.iso')
        const save = ['talos', 'assets', 'save', iso.id, '--to', to]
        expect((await cli(...save, '--plan')).output).toContain('would be written here')
        expect(await cli(...save)).toMatchObject({ code: 0 })
        expect(readFileSync(to).equals(bytes)).toBe(true)
      },
      limitMs,
    )

    it(
      'are not kept when their checksum is another; the next run gets them, also when the factory is away for a moment',
      async () => {
        const [kernel] = (await assets()).filter(({ kind }: { kind: string }) => kind === 'kernel')
        await world.rest('DELETE', `/pxe/assets/${kernel.id}`)
        const before = files()
        await lab.fault({ kind: 'download-altered', command: 'kernel-amd64' })
        const failed = await download()
        expect([failed.status, failed.error.code, failed.error.message]).toEqual([
          'failed',
          'DOWNLOAD_FAILED',
          expect.stringContaining('checksum'),
        ])
        expect(files()).toEqual(before)
        await lab.clearFaults()
        await lab.fault({ kind: 'download-unavailable', command: 'kernel-amd64', times: 1 })
        expect((await download()).status).toBe('completed')
      },
      limitMs,
    )

    it('that were changed on disk are refused by name', async () => {
      const [kernel] = (await assets()).filter(({ kind }: { kind: string }) => kind === 'kernel')
      writeFileSync(kernel.path, 'evil')
      expect((await download()).error.message).toContain(`Delete ${kernel.path}`)
      expect((await world.rest('DELETE', `/pxe/assets/${kernel.id}`)).status).toBe(200)
      expect((await download()).status).toBe('completed')
    })

    it.each([
      ['a version that is none', { version: 'latest', schematic_id: longhorn }, 'version'],
      ['a schematic that is none', { version: 'v1.11.5', schematic_id: '../..' }, 'schematicId'],
      ['no version', { schematic_id: longhorn }, 'version'],
      ['no schematic', { version: 'v1.11.5' }, 'schematic_id'],
      ['no kinds', { instance: 'home', kinds: [] }, 'kinds'],
    ])('refuse %s', async (_what, body, field) => {
      const { status, body: answer } = await world.rest('POST', '/pxe/assets/download', body)
      expect([status, answer.error.details.field]).toEqual([400, field])
    })

    it('of an instance or a schematic nobody knows are refused with what to do', async () => {
      expect((await world.rest('POST', '/pxe/assets/download', { instance: 'none' })).status).toBe(404)
      const failed = await download({ version: 'v1.11.5', schematic_id: '0'.repeat(64) })
      expect([failed.status, failed.error.code]).toEqual(['failed', 'NOT_FOUND'])
      expect((await world.rest('DELETE', '/pxe/assets/nothing')).status).toBe(404)
    })

    it(
      'are downloaded, listed and removed on the command line',
      async () => {
        expect(await cli('talos', 'assets', 'download', '--architecture', 'arm64')).toMatchObject({ code: 0 })
        const { output } = await cli('talos', 'assets', 'list')
        const id = /v1\.11\.5-[0-9a-f]{12}-arm64-kernel/.exec(output)?.[0]
        expect(output).toContain('ipxe-arm64.efi')
        expect(await cli('talos', 'assets', 'delete', id!)).toMatchObject({ code: 0 })
        expect((await cli('talos', 'assets', 'list')).output).not.toContain(id)
        expect((await cli('talos', 'assets', 'delete', id!)).code).toBe(3)
      },
      limitMs,
    )
  })
})
