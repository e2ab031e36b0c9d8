import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'

/** State of a TCP socket that waits for connections, as the kernel writes it. */
const listening = '0A'

/** Sockets on a port: UDP ones, and TCP ones that listen. */
async function socketsOn(port: number): Promise<Set<string>> {
  const inodes = new Set<string>()
  for (const table of ['udp', 'udp6', 'tcp', 'tcp6'])
    for (const line of (await readFile(`/proc/net/${table}`, 'utf8').catch(() => '')).split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/)
      const isOpen = table.startsWith('udp') || fields[3] === listening
      if (isOpen && Number.parseInt(fields[1]?.split(':')[1] ?? '', 16) === port && fields[9]) inodes.add(fields[9])
    }
  return inodes
}

/** Which program listens on a port of this device: `systemd-resolved (pid 412)`; undefined when it cannot be told. */
export async function portHolder(port: number): Promise<string | undefined> {
  const inodes = await socketsOn(port)
  if (inodes.size === 0) return undefined
  for (const pid of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name)))
    for (const fd of await readdir(join('/proc', pid, 'fd')).catch(() => [])) {
      const target = await readlink(join('/proc', pid, 'fd', fd)).catch(() => '')
      if (!inodes.has(/^socket:\[(\d+)\]$/.exec(target)?.[1] ?? '')) continue
      const name = await readFile(join('/proc', pid, 'comm'), 'utf8').catch(() => '')
      return `${name.trim() || 'a program'} (pid ${pid})`
    }
  return undefined
}
