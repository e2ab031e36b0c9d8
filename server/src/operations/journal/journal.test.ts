import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { anEngine } from '../../testing/engine.ts'
import { byDepth, holds } from '../../testing/properties.ts'
import type { OperationRecord } from '../record.ts'

let engine: ReturnType<typeof anEngine>
beforeEach(() => {
  engine = anEngine()
})
afterEach(() => engine.close())

let count = 0
function aRecord(rest: Partial<OperationRecord> = {}): OperationRecord {
  const record: OperationRecord = {
    id: `op_test_${count++}`,
    type: 'a.b',
    title: 'Test',
    input: {},
    status: 'running',
    progress: 0,
    message: '',
    steps: [],
    warnings: [],
    via: 'api',
    createdAt: '2025-01-01T00:00:00.000Z',
    ...rest,
  }
  engine.operations.journal.create(record)
  return record
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

/** What a reader does between two disconnects: how many lines it takes, and how it leaves. */
const visit = fc.record({
  take: fc.nat({ max: 700 }),
  leave: fc.constantFrom('return', 'abort', 'abort while waiting'),
})
const talk = fc.record({ lines: fc.nat({ max: 900 }), flush: fc.boolean() })

describe('following', () => {
  it('gives several readers that come and go every line once and in order, and leaves no listener', () =>
    holds(
      byDepth({ quick: 30, ci: 200, full: 1_000 }),
      fc.tuple(
        fc.array(talk, { minLength: 1, maxLength: 6 }),
        fc.array(fc.array(visit, { maxLength: 5 }), { minLength: 1, maxLength: 5 }),
      ),
      async ([talks, readers]) => {
        const { journal } = engine.operations
        const record = aRecord()
        async function read(visits: (typeof readers)[number]): Promise<number[]> {
          const seen: number[] = []
          for (const { take, leave } of visits) {
            const abort = new AbortController()
            const lines = journal.follow(record.id, seen.at(-1) ?? 0, abort.signal)
            for (let taken = 0; taken < take; taken++) {
              const item = await lines.next()
              if (item.done) break
              seen.push(item.value.seq)
            }
            if (leave === 'return') await lines.return?.()
            else if (leave === 'abort') abort.abort()
            else {
              const waiting = lines.next()
              abort.abort()
              const item = await waiting
              // A line that was on its way counts as received.
              if (!item.done) seen.push(item.value.seq)
              expect((await lines.next()).done).toBe(true)
            }
            await settled()
          }
          for await (const { seq } of journal.follow(record.id, seen.at(-1) ?? 0)) seen.push(seq)
          return seen
        }
        const reading = readers.map(read)
        let written = 0
        for (const { lines, flush } of talks) {
          for (let i = 0; i < lines; i++) journal.log(record, 'stdout', `line ${++written}`)
          if (flush) journal.flush()
          await settled()
        }
        record.status = 'completed'
        journal.save(record)
        const expected = Array.from({ length: written }, (_, index) => index + 1)
        for (const seen of await Promise.all(reading)) expect(seen).toEqual(expected)
        expect(journal.news.listeners()).toBe(0)
      },
    ))

  it('answers several questions at once one after the other', async () => {
    const { journal } = engine.operations
    const record = aRecord()
    for (let i = 0; i < 5; i++) journal.log(record, 'stdout', `line ${i}`)
    record.status = 'completed'
    journal.save(record)
    const lines = journal.follow(record.id, 0)
    const answers = await Promise.all(Array.from({ length: 7 }, () => lines.next()))
    expect(answers.map(({ value, done }) => (done ? 'end' : value.seq))).toEqual([1, 2, 3, 4, 5, 'end', 'end'])
  })
})

describe('watching', () => {
  it('sees the end although very many lines were written before the reader looked', async () => {
    const { journal } = engine.operations
    const record = aRecord()
    const watching = journal.watch(record.id)
    expect((await watching.next()).value.status).toBe('running')
    record.status = 'completed'
    journal.save(record)
    for (let i = 0; i < 20; i++) {
      journal.log(record, 'stdout', `late ${i}`)
      journal.flush()
    }
    expect((await watching.next()).value.status).toBe('completed')
    expect((await watching.next()).done).toBe(true)
    expect(journal.news.listeners()).toBe(0)
  })
})

describe('lines that cannot be written', () => {
  it('are kept, and all there once the database is free again', async () => {
    const { journal } = engine.operations
    const record = aRecord()
    const other = engine.sibling()
    other.exec('begin immediate')
    for (let i = 0; i < 1_200; i++) journal.log(record, 'stdout', `line ${i}`)
    expect(journal.lines(record.id, 0)).toEqual([])
    other.exec('commit')
    journal.flush()
    expect(journal.lines(record.id, 0, 5_000).map(({ seq }) => seq)).toEqual(
      Array.from({ length: 1_200 }, (_, i) => i + 1),
    )
    expect(() => journal.assertWritable()).not.toThrow()
  })

  it('of an operation that is gone do not keep others from being written', () => {
    const { journal } = engine.operations
    const [gone, here] = [aRecord(), aRecord()]
    journal.log(gone, 'stdout', 'lost')
    engine.db.$client.prepare('delete from operations where id = ?').run(gone.id)
    journal.log(here, 'stdout', 'kept')
    expect(() => journal.flush()).toThrow()
    journal.flush()
    expect(journal.lines(here.id, 0).map(({ message }) => message)).toEqual(['kept'])
  })
})

describe('pruning', () => {
  const day = (n: number) => new Date(Date.UTC(2025, 0, n)).toISOString()

  it('keeps the newest ended operations, drops what ended long ago, and never touches running ones', () => {
    const { journal } = engine.operations
    const names = new Map<string, string>()
    function add(name: string, status: OperationRecord['status'], completedAt?: string): void {
      const record = aRecord({ status: 'running', createdAt: day(1) })
      journal.log(record, 'stdout', name)
      Object.assign(record, { status, completedAt })
      journal.save(record)
      journal.flush()
      names.set(record.id, name)
    }
    add('oldest running', 'running')
    add('beyond the count', 'failed', day(20))
    add('too old', 'completed', day(2))
    add('cancelled', 'cancelled', day(20))
    add('completed', 'completed', day(21))
    add('pending', 'pending')
    expect(journal.prune(3, day(10))).toBe(2)
    expect(journal.list({}).map(({ id }) => names.get(id))).toEqual([
      'pending',
      'completed',
      'cancelled',
      'oldest running',
    ])
    const orphans = engine.db.$client.prepare(
      'select count(*) from operation_log where operation not in (select id from operations)',
    )
    expect(orphans.pluck().get()).toBe(0)
    expect(journal.prune(3, day(10))).toBe(0)
  })
})
