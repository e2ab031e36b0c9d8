import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSqliteStore } from '../sqlite-store.ts'
import type { LabStore } from '../store.ts'
import { startMirror } from './server.ts'

const LONGHORN =
  'customization:\n  systemExtensions:\n    officialExtensions: [siderolabs/iscsi-tools, siderolabs/util-linux-tools]\n'
const LONGHORN_ID = '613e1592b2da41ae5e265e8789429f22e121aab91cb4deb6bc3c0b6262961245'

let folder: string
let store: LabStore
let mirror: { url: string; close(): Promise<void> }

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wild-mirror-'))
  mkdirSync(join(folder, 'mirror/example.org/v1'), { recursive: true })
  writeFileSync(join(folder, 'mirror/example.org/v1/a.yaml'), 'kind: A\n')
  writeFileSync(join(folder, 'secret'), 'secret')
  symlinkSync(join(folder, 'secret'), join(folder, 'mirror/example.org/link'))
  store = openSqliteStore(join(folder, 'lab.db'))
  mirror = await startMirror({ address: '127.0.0.1', port: 0, directory: join(folder, 'mirror'), store })
})

afterAll(async () => {
  await mirror.close()
  store.close()
  rmSync(folder, { recursive: true })
})

/** A request whose path is sent as it is. */
function ask(path: string, method = 'GET', body = ''): Promise<{ status: number; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port: new URL(mirror.url).port, path, method, agent: false },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }))
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

describe('the mirror', () => {
  it('serves files by host and path, with their checksums', async () => {
    expect((await ask('/example.org/v1/a.yaml')).body.toString()).toBe('kind: A\n')
    const checksum = (await ask('/example.org/v1/a.yaml.sha256')).body.toString().trim()
    expect(checksum).toBe(createHash('sha256').update('kind: A\n').digest('hex'))
  })

  it('answers 404 for what it has not', async () => {
    expect((await ask('/example.org/v1/b.yaml')).status).toBe(404)
    expect((await ask('/example.org/v1/b.yaml.sha256')).status).toBe(404)
    expect((await ask('/example.org/v1')).status).toBe(404)
    expect((await ask('/')).status).toBe(404)
  })

  it.each([
    '/example.org/../../secret',
    '/example.org/%2e%2e/%2e%2e/secret',
    '/..%2fsecret',
    '/example.org/link',
    '/%',
    '//secret',
    '/a/..%5c..%5csecret',
  ])('keeps %s inside its folder', async (path) => {
    expect((await ask(path)).status).toBe(404)
  })
})

describe('the image factory', () => {
  it('names a schematic by the hash of its canonical form, however it is written', async () => {
    const posted = await ask('/factory.talos.dev/schematics', 'POST', LONGHORN)
    expect(posted.status).toBe(201)
    expect(JSON.parse(posted.body.toString()).id).toBe(LONGHORN_ID)
    const asJson = JSON.stringify({
      customization: { systemExtensions: { officialExtensions: ['siderolabs/qemu-guest-agent'] } },
    })
    const other = await ask('/factory.talos.dev/schematics', 'POST', asJson)
    expect(JSON.parse(other.body.toString()).id).toBe(
      'ce4c980550dd2ab1b17bbf2b08801c7eb59418eafe8f279833297925d67c7515',
    )
    const none = await ask('/factory.talos.dev/schematics', 'POST', '')
    expect(JSON.parse(none.body.toString()).id).toBe('376567988ad370138ad8b2698212367b8edcb69b5fd68c80be1f2ec7d603b4ba')
  })

  it('gives a schematic back and refuses unknown fields and ids', async () => {
    const { body } = await ask(`/factory.talos.dev/schematics/${LONGHORN_ID}`)
    expect(createHash('sha256').update(body).digest('hex')).toBe(LONGHORN_ID)
    expect((await ask(`/factory.talos.dev/schematics/${'0'.repeat(64)}`)).body.toString()).toBe('schematic not found')
    expect((await ask('/factory.talos.dev/schematics', 'POST', 'customisation: {}')).status).toBe(400)
  })

  it('serves boot assets with the right magic, always the same bytes', async () => {
    const base = `/factory.talos.dev/image/${LONGHORN_ID}/v1.11.5`
    const kernel = await ask(`${base}/kernel-amd64`)
    expect(kernel.body.subarray(0, 2).toString()).toBe('MZ')
    expect((await ask(`${base}/initramfs-amd64.xz`)).body.subarray(0, 6).toString('hex')).toBe('fd377a585a00')
    expect((await ask(`${base}/metal-amd64.iso`)).body.subarray(32_769, 32_774).toString()).toBe('CD001')
    expect((await ask(`${base}/kernel-amd64.sha256`)).body.toString().trim()).toBe(
      createHash('sha256').update(kernel.body).digest('hex'),
    )
    expect((await ask(`${base}/nothing`)).status).toBe(404)
    expect((await ask(`/factory.talos.dev/image/${'0'.repeat(64)}/v1.11.5/kernel-amd64`)).status).toBe(404)
  })
})
