import fc from 'fast-check'

export type Depth = 'quick' | 'ci' | 'full'

/** How thorough this run is (`WILD_TEST_DEPTH`): picks one of three figures. */
export function byDepth<T>(figures: Record<Depth, T>): T {
  const depth = (process.env.WILD_TEST_DEPTH ?? 'quick') as Depth
  return figures[depth] ?? figures.quick
}

/** The seed of this run: `WILD_TEST_SEED` to replay one, else a new one. Printed once per file. */
export const seed = Number(process.env.WILD_TEST_SEED ?? Math.floor(Math.random() * 0x7fffffff))
console.info(`seed ${seed} (replay with WILD_TEST_SEED=${seed})`)

/** Checks a property `runs` times; fails with the smallest example and the seed. */
export async function holds<T>(
  runs: number,
  arbitrary: fc.Arbitrary<T>,
  check: (value: T) => void | Promise<void>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(arbitrary, async (value) => {
      await check(value)
    }),
    { seed, numRuns: runs },
  )
}
