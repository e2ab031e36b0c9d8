import { and, isNotNull, isNull } from 'drizzle-orm'
import { commandsTable, type Db } from '../platform/db.ts'
import type { Log } from '../platform/log.ts'
import { signalGroup } from '../platform/tool-runner.ts'
import { processStart } from './command-log.ts'

/**
 * Ends child processes a killed daemon left behind. A pid alone proves nothing (numbers are reused): the start time
 * recorded when we started it must still be the same.
 */
export function endOrphans(db: Db, log: Log): number {
  const open = db
    .select()
    .from(commandsTable)
    .where(and(isNull(commandsTable.endedAt), isNotNull(commandsTable.pid)))
    .all()
  let ended = 0
  for (const { pid, pidStart, command } of open) {
    if (!pid || !pidStart || processStart(pid) !== pidStart) continue
    log.warn({ pid, command }, 'ending a command the last daemon left behind')
    signalGroup(pid, 'SIGKILL')
    ended++
  }
  db.update(commandsTable).set({ endedAt: new Date().toISOString() }).where(isNull(commandsTable.endedAt)).run()
  return ended
}
