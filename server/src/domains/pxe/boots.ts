import { randomBytes } from 'node:crypto'
import { readFileIfThere, writeFileAtomic } from '../../platform/atomic-file.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Log } from '../../platform/log.ts'
import type { Signals } from '../../platform/signals.ts'
import type { Boot, BootStage } from './model.ts'

const kept = 200
/** A machine that fetches a kernel this long after its script is the same boot. */
const sameBootMs = 15 * 60_000

/** Boots seen, newest first; kept in a small file. */
export interface BootLog {
  list(): Boot[]
  /** A machine asked for its script. */
  began(boot: Omit<Boot, 'id' | 'startedAt' | 'updatedAt'>): void
  /** The machine at an address got on. */
  reached(ip: string, stage: BootStage): void
  load(): Promise<void>
  /** Resolves when everything told so far is in the file. */
  settled(): Promise<void>
}

/** A log over a file. */
export function createBootLog(deps: {
  file: string
  clock: Clock
  log: Log
  changes: Signals<'boots' | 'state'>
}): BootLog {
  const { file, clock, log, changes } = deps
  let boots: Boot[] = []
  let writing: Promise<unknown> = Promise.resolve()
  const now = () => new Date(clock.now()).toISOString()

  function keep(): void {
    writing = writing
      .then(() => writeFileAtomic(file, JSON.stringify(boots)))
      .catch((error: unknown) => log.warn({ err: error }, 'boots are not kept'))
    changes.emit('boots')
  }

  return {
    list: () => boots,
    began(boot) {
      const at = now()
      const before = boots.find(({ mac, ip }) => mac === boot.mac && ip === boot.ip)
      // A menu's choice, or a second look, is still the same machine starting.
      if (before?.stage === 'script' && clock.now() - Date.parse(before.updatedAt) < sameBootMs)
        Object.assign(before, boot, { updatedAt: at })
      else
        boots = [{ id: randomBytes(6).toString('hex'), ...boot, startedAt: at, updatedAt: at }, ...boots].slice(0, kept)
      log.info({ ...boot }, 'a machine boots from the network')
      keep()
    },
    reached(ip, stage) {
      const boot = boots.find((one) => one.ip === ip)
      if (!boot || boot.stage === stage || boot.stage === 'booted') return
      if (clock.now() - Date.parse(boot.updatedAt) > sameBootMs) return
      Object.assign(boot, { stage, updatedAt: now() })
      log.info({ mac: boot.mac, ip, stage }, 'a machine boots from the network')
      keep()
    },
    async load() {
      try {
        boots = JSON.parse((await readFileIfThere(file)) ?? '[]') as Boot[]
      } catch (error) {
        log.warn({ err: error, file }, 'earlier boots cannot be read')
      }
    },
    settled: async () => void (await writing),
  }
}
