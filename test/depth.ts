import { randomInt } from 'node:crypto'

export const depths = ['quick', 'ci', 'full'] as const
export type Depth = (typeof depths)[number]

/** How thorough this run is: `WILD_TEST_DEPTH`, quick when it is not set. Throws on any other word. */
export function depth(): Depth {
  const word = process.env.WILD_TEST_DEPTH || 'quick'
  if (!(depths as readonly string[]).includes(word))
    throw new Error(`WILD_TEST_DEPTH: "${word}" is not one of ${depths.join(', ')}`)
  return word as Depth
}

/** The value meant for this run's depth. */
export function pick<T>(values: Record<Depth, T>): T {
  return values[depth()]
}

let chosen: number | undefined

/** The seed of this run: `WILD_TEST_SEED`, else a random one. The same all through a test file. */
export function seed(): number {
  chosen ??= process.env.WILD_TEST_SEED ? Number(process.env.WILD_TEST_SEED) : randomInt(2 ** 31)
  if (!Number.isSafeInteger(chosen)) throw new Error('WILD_TEST_SEED is not a whole number')
  return chosen
}

/** Prints how to run a file again with the same random choices. */
export function printSeed(what: string): void {
  process.stdout.write(`${what}: WILD_TEST_DEPTH=${depth()} WILD_TEST_SEED=${seed()}\n`)
}

/** Numbers in [0, 1) that follow from the run's seed and a name (mulberry32): each name has its own series. */
export function randoms(name: string): () => number {
  let state = seed()
  for (const letter of name) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
