import { join } from 'node:path'
import Database from 'better-sqlite3'

/** A moment of an operation that is put into the daemon's memory, so many seconds after its day began. */
const at = (seconds: number) => new Date(Date.UTC(2026, 0, 5, 10) + seconds * 1_000).toISOString()

interface Remembered {
  id: string
  title: string
  status: string
  progress: number
  error?: { code: string; message: string; details: object }
  seconds: [began: number, ended: number]
}

/** Writes into the daemon's memory as if it had run operations. All of it is there, or nothing. */
export function remember(data: string, write: (memory: ReturnType<typeof memoryOf>) => void): void {
  const db = new Database(join(data, 'wild-central.db'))
  db.transaction(() => write(memoryOf(db)))()
  db.close()
}

function memoryOf(db: Database.Database) {
  const operations = db.prepare(
    `insert into operations (id, type, title, instance, target, input, status, progress, message, error, warnings, via, created_at, started_at, completed_at)
     values (?, 'cluster.bootstrap', ?, 'home', 'control-1', '{}', ?, ?, '', ?, '[]', 'cli', ?, ?, ?)`,
  )
  const steps = db.prepare(
    `insert into operation_steps (operation, id, position, title, state, progress, message, attempt, started_at, ended_at)
     values (?, ?, ?, ?, ?, 0, ?, 1, ?, ?)`,
  )
  const log = db.prepare(
    "insert into operation_log (operation, seq, at, stream, message) values (?, ?, ?, 'stdout', ?)",
  )
  return {
    operation({ id, title, status, progress, error, seconds: [began, ended] }: Remembered): void {
      const refusal = error ? JSON.stringify(error) : null
      operations.run(id, title, status, progress, refusal, at(began), at(began), at(ended))
    },
    /** Steps of an operation in their order. */
    steps(
      operation: string,
      all: { id: string; title: string; state: string; message?: string; seconds?: number[] }[],
    ) {
      for (const [position, { id, title, state, message, seconds = [] }] of all.entries()) {
        const [began, ended] = seconds.map(at)
        steps.run(operation, id, position, title, state, message ?? null, began ?? null, ended ?? null)
      }
    },
    /** A log of so many lines: each says its number. */
    lines(operation: string, count: number): void {
      for (let seq = 1; seq <= count; seq++) log.run(operation, seq, at(0), `line ${seq} of ${operation}`)
    },
  }
}
