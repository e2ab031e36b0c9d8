import fc from 'fast-check'
import { expect, it } from 'vitest'
import { anEngine } from '../testing/engine.ts'
import { byDepth, holds } from '../testing/properties.ts'
import { createLocks } from './locks.ts'

type Move = { take: string[] } | { release: number } | { ask: string }

const path = fc
  .array(fc.constantFrom('a', 'b', 'ab', 'a-b'), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join('/'))
const moves = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ take: fc.array(path, { minLength: 1, maxLength: 4 }) }) },
    { weight: 2, arbitrary: fc.record({ release: fc.nat({ max: 30 }) }) },
    { weight: 1, arbitrary: fc.record({ ask: path }) },
  ) as fc.Arbitrary<Move>,
  { maxLength: 30 },
)

/** Containment said differently from the code under test: one list of segments begins with the other. */
function overlap(a: string, b: string): boolean {
  const [short, long] = [a.split('/'), b.split('/')].sort((x, y) => x.length - y.length) as [string[], string[]]
  return short.every((segment, index) => segment === long[index])
}

it('behaves as a table of held paths: all or none, in conflict exactly when one contains the other', async () => {
  const engine = anEngine()
  const locks = createLocks(engine.db)
  const insert = engine.db.$client.prepare(
    `insert into operations (id, type, title, input, status, warnings, via, created_at) values (?, 't', 't', '{}', 'running', '[]', 'api', '')`,
  )
  const clear = engine.db.$client.prepare('delete from operations')
  try {
    await holds(byDepth({ quick: 300, ci: 2_000, full: 10_000 }), moves, (sequence) => {
      clear.run()
      const model = new Map<string, Set<string>>()
      let count = 0
      for (const move of sequence) {
        if ('take' in move) {
          const id = `op${count++}`
          const held = [...model].flatMap(([operation, paths]) => [...paths].map((at) => ({ operation, at })))
          const blockers = held.filter(({ at }) => move.take.some((wanted) => overlap(at, wanted)))
          let refused: { message: string; details: { operation_id: string; title: string } } | undefined
          try {
            engine.db.transaction(() => {
              insert.run(id)
              locks.take(id, move.take)
            })
          } catch (error) {
            refused = error as typeof refused
          }
          expect(Boolean(refused)).toBe(blockers.length > 0)
          if (refused) expect(blockers.map(({ operation }) => operation)).toContain(refused.details.operation_id)
          else model.set(id, new Set(move.take))
        } else if ('release' in move) {
          locks.release(`op${move.release}`)
          model.delete(`op${move.release}`)
        } else {
          const holders = [...model].filter(([, paths]) => [...paths].some((at) => overlap(at, move.ask)))
          expect(locks.holders(move.ask).sort()).toEqual(holders.map(([id]) => id).sort())
        }
        const rows = engine.db.$client.prepare('select operation, path from locks').raw().all() as [string, string][]
        const expected = [...model].flatMap(([operation, paths]) => [...paths].map((at) => [operation, at]))
        expect(rows.map(String).sort()).toEqual(expected.map(String).sort())
      }
    })
  } finally {
    engine.close()
  }
})
