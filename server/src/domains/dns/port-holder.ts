import { readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'

/** Which program listens on a UDP port of this device: `systemd-resolved (pid 412)`; undefined when it cannot be told. */
export async function udpPortHolder(port: number): Promise<string | undefined> {
  const inodes = new Set<string>()
  for (const table of ['/proc/net/udp', '/proc/net/udp6'])
    for (const line of (await readFile(table, 'utf8').catch(() => '')).split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/)
      if (Number.parseInt(fields[1]?.split(':')[1] ?? '', 16) === port && fields[9]) inodes.add(fields[9])
    }
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
