import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A file system of a few megabytes that can be filled to the last byte. */
export interface TinyDisk {
  path: string
  fill(): void
  free(): void
  remove(): void
}

/** Mounts one; undefined where that is not allowed (it takes root). */
export function mountTinyDisk(megabytes: number): TinyDisk | undefined {
  const path = mkdtempSync(join(tmpdir(), 'wild-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { stdio: 'ignore' })
  } catch {
    rmSync(path, { recursive: true })
    return undefined
  }
  const ballast = join(path, 'ballast')
  return {
    path,
    fill() {
      const file = openSync(ballast, 'a')
      try {
        while (statfsSync(path).bavail > 0) writeSync(file, Buffer.alloc(4_096))
      } catch {
      } finally {
        closeSync(file)
      }
    },
    free: () => unlinkSync(ballast),
    remove() {
      execFileSync('umount', ['-l', path])
      rmSync(path, { recursive: true })
    },
  }
}
