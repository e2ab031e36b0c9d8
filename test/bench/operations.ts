import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { z } from 'zod'
import { anEngine } from '../../server/src/testing/engine.ts'
import { temporaryFolder } from '../world.ts'
import { broadcast, type Delivery, deliver } from './delivery.ts'
import { row } from './measure.ts'

const lines = 50_000
/** Lines in all that are delivered to so many subscribers as fast as they can be taken. */
const deliveries: Record<number, number> = { 1: 20_000, 50: 4_000, 200: 2_000 }
/** A command that talks: 100 lines, 20 ms apart. */
const talk = { lines: 100, pause: 20 }

/**
 * Log lines persisted by an operation, beside a bare insert loop of the same lines in the same batches; and delivered
 * over WebSockets to subscribers in another process, beside a bare broadcast of the same messages to as many.
 */
export async function benchOperations(): Promise<void> {
  const bare = bareInserts()
  for (const readers of [0, 1, 50])
    row(`${lines} log lines, ${readers} readers in the process`, await engineLines(readers), 'bare inserts', bare)
  for (const [subscribers, count] of Object.entries(deliveries).map(([a, b]) => [Number(a), b] as const)) {
    const pace = { lines: count, pause: 0 }
    const [ours, theirs] = [await deliver(subscribers, pace), await broadcast(subscribers, pace)]
    row(`${count} lines to ${subscribers} subscribers`, ours.took, 'bare broadcast', theirs.took)
    perSecond('lines a second, persisted and delivered', count, ours, theirs)
    row('  memory meanwhile', ours.memory, 'bare broadcast', Math.max(theirs.memory, 1), 'MB')
    const [slow, bareSlow] = [await deliver(subscribers, talk), await broadcast(subscribers, talk)]
    row('  event to subscriber, p50', slow.p50, 'bare broadcast', bareSlow.p50)
    row('  event to subscriber, p99', slow.p99, 'bare broadcast', bareSlow.p99)
  }
}

function perSecond(what: string, count: number, ours: Delivery, theirs: Delivery): void {
  const rate = ({ took }: Delivery) => Math.round((count / took) * 1000)
  console.log(`    ${what}: ${rate(ours)}, bare broadcast: ${rate(theirs)}`)
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
