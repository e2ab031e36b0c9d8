import { createServer, type Server, type Socket } from 'node:net'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { askNfs, exportsOf, readExports } from './nfs-client.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

const word = (value: number) => {
  const buffer = Buffer.alloc(4)
  buffer.writeUInt32BE(value)
  return buffer
}
const text = (value: string) => {
  const bytes = Buffer.from(value)
  return Buffer.concat([word(bytes.length), bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
}
const listOf = (folders: [string, string[]][]) =>
  Buffer.concat([
    ...folders.flatMap(([folder, groups]) => [
      word(1),
      text(folder),
      ...groups.flatMap((group) => [word(1), text(group)]),
      word(0),
    ]),
    word(0),
  ])

/** A server that answers each call with what `results` makes of its program, in pieces of one byte when `slowly`. */
async function listening(results: (program: number) => Buffer | undefined, slowly = false): Promise<number> {
  const server = createServer((socket: Socket) =>
    socket
      .on('error', () => {})
      .on('data', (call) => {
        const found = results(call.readUInt32BE(16))
        if (!found) return socket.destroy()
        const accepted = [word(call.readUInt32BE(4)), word(1), word(0), word(0), word(0), word(0)]
        const body = Buffer.concat([...accepted, found])
        const reply = Buffer.concat([word(0x80000000 + body.length), body])
        if (!slowly) return socket.write(reply)
        for (const byte of reply) socket.write(Buffer.from([byte]))
      }),
  )
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as { port: number }).port
}

describe('asking a storage machine', () => {
  it('finds an NFS server, also when its answer comes in pieces', async () => {
    await askNfs('127.0.0.1', await listening(() => Buffer.alloc(0)), 5_000)
    await askNfs('127.0.0.1', await listening(() => Buffer.alloc(0), true), 5_000)
  })

  it('refuses one that closes, says something else, or nothing', async () => {
    await expect(askNfs('127.0.0.1', await listening(() => undefined), 5_000)).rejects.toThrow('closed the connection')
    const web = createServer((socket) => socket.on('error', () => {}).write('HTTP/1.1 400 Bad Request\r\n\r\n'))
    servers.push(web)
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
    await expect(askNfs('127.0.0.1', (web.address() as { port: number }).port, 5_000)).rejects.toThrow('not speak NFS')
    const silent = createServer((socket) => socket.on('error', () => {}))
    servers.push(silent)
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
    await expect(askNfs('127.0.0.1', (silent.address() as { port: number }).port, 50)).rejects.toThrow('timeout')
  })

  it('learns what is exported from the portmapper and the mount daemon', async () => {
    const folders: [string, string[]][] = [
      ['/srv/media', ['*']],
      ['/home', []],
    ]
    const mountd = await listening(() => listOf(folders))
    const portmapper = await listening(() => word(mountd))
    expect(await exportsOf('127.0.0.1', portmapper, 5_000)).toEqual(['/srv/media', '/home'])
    expect(await exportsOf('127.0.0.1', await listening(() => word(0)), 5_000)).toBeUndefined()
  })

  it('reads every list that can be written', () => {
    const names = fc.string({ minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(fc.array(fc.tuple(names, fc.array(names, { maxLength: 3 })), { maxLength: 5 }), (folders) => {
        expect(readExports(listOf(folders))).toEqual(folders.map(([folder]) => Buffer.from(folder).toString()))
      }),
    )
  })

  it('ends on an answer that is cut off', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          readExports(Buffer.from(bytes))
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
    )
  })
})
