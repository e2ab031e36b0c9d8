import { readFile, statfs } from 'node:fs/promises'
import { freemem, hostname, loadavg, totalmem } from 'node:os'

/** The machine the daemon runs on. Sizes in bytes. */
export interface Device {
  name: string
  diskTotal: number
  diskFree: number
  memoryTotal: number
  memoryFree: number
  /** Load of the last minute. */
  load: number
  /** What the daemon has written to disk since it started; absent where the system does not tell. */
  bytesWritten?: number
  /** What is running out, with what to do. */
  problems: string[]
}

const littleDisk = 0.05

/** Looks at the device; `folder` is on the disk that counts. */
export async function readDevice(folder: string): Promise<Device> {
  const disk = await statfs(folder).catch(() => undefined)
  // As df counts: what is kept for the system's own use is neither used nor to be had.
  const [used, free] = disk ? [disk.blocks - disk.bfree, disk.bavail] : [0, 0]
  const [diskTotal, diskFree] = [(used + free) * (disk?.bsize ?? 0), free * (disk?.bsize ?? 0)]
  const problems =
    disk && diskFree < diskTotal * littleDisk
      ? [`The disk of ${folder} is nearly full. Remove old backups and downloads, or move the data to a larger one.`]
      : []
  return {
    name: hostname(),
    diskTotal,
    diskFree,
    memoryTotal: totalmem(),
    memoryFree: await availableMemory(),
    load: loadavg()[0] ?? 0,
    bytesWritten: await bytesWritten(),
    problems,
  }
}

/** Bytes this process has caused to be written to disk (proc(5), /proc/PID/io). */
export async function bytesWritten(): Promise<number | undefined> {
  const text = await readFile('/proc/self/io', 'utf8').catch(() => '')
  const found = /^write_bytes: (\d+)$/m.exec(text)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** What programs can still have: the kernel counts caches it would give up, Node does not. */
async function availableMemory(): Promise<number> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '')
  const kilobytes = /^MemAvailable: +(\d+) kB$/m.exec(text)?.[1]
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024
}
