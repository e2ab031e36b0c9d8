import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { z } from 'zod'
import { anEngine } from '../../server/src/testing/engine.ts'
import { temporaryFolder } from '../world.ts'
import { row } from './measure.ts'

const lines = 50_000

/** Log lines persisted by an operation, beside a bare insert loop of the same lines in the same batches. */
export async function benchOperations(): Promise<void> {
  const bare = bareInserts()
  for (const readers of [0, 1, 50])
    row(`${lines} log lines, ${readers} readers`, await engineLines(readers), 'bare inserts', bare)
}

function bareInserts(): number {
  const folder = temporaryFolder('bench')
  const db = new Sqlite(join(folder.path, 'bare.db'))
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  db.exec(
    'create table log (operation text, seq integer, at text, stream text, step text, message text, primary key (operation, seq))',
  )
  const insert = db.prepare('insert into log values (?, ?, ?, ?, ?, ?)')
  const start = performance.now()
  for (let from = 1; from <= lines; from += 500)
    db.transaction(() => {
      for (let seq = from; seq < from + 500; seq++)
        insert.run('op', seq, new Date().toISOString(), 'stdout', 'step', `line ${seq} of many`)
    })()
  const took = performance.now() - start
  db.close()
  folder.remove()
  return took
}

async function engineLines(readers: number): Promise<number> {
  const engine = anEngine()
  engine.operations.define({
    type: 'bench.lines',
    title: () => 'Lines',
    input: z.strictObject({}),
    instance: () => undefined,
    locks: () => ['bench'],
    steps: () => [
      {
        name: 'talk',
        title: 'Talk',
        run: async ({ say }) => {
          for (let seq = 1; seq <= lines; seq++) say(`line ${seq} of many`)
        },
      },
    ],
  })
  const start = performance.now()
  const { id } = await engine.operations.start('bench.lines', {}, 'api')
  const follow = async () => {
    let count = 0
    for await (const _line of engine.operations.journal.follow(id, 0)) count++
    if (count < lines) throw new Error(`a reader got ${count} of ${lines} lines`)
  }
  await Promise.all([engine.operations.ended(id), ...Array.from({ length: readers }, follow)])
  const took = performance.now() - start
  engine.close()
  return took
}
