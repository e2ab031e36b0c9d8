import { createHash } from 'node:crypto'
import type { Lan } from '../lan.ts'
import type { ConfiguredMachine } from '../reach.ts'
import { RpcError } from '../rpc-error.ts'

/** The two files of /proc that tell one start of a machine from another. Throws RpcError for any other path. */
export function readProcFile(lan: Lan, { upFrom, hardware }: ConfiguredMachine, path: string): string {
  if (path === '/proc/uptime') {
    const seconds = (lan.clock.now() - upFrom) / 1_000
    return `${seconds.toFixed(2)} ${(seconds * 3).toFixed(2)}\n`
  }
  if (path === '/proc/sys/kernel/random/boot_id') {
    const hex = createHash('sha256').update(`${hardware.uuid}/${upFrom}`).digest('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}\n`
  }
  throw new RpcError('Unknown', `stat ${path}: no such file or directory`)
}
