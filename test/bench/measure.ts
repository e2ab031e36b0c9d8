/** Median of several runs, in milliseconds. */
export async function median(runs: number, work: () => Promise<void> | void): Promise<number> {
  const times: number[] = []
  for (let i = 0; i < runs; i++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)]!
}

/** One row: ours, the yardstick, and how many times as long ours takes. */
export function row(what: string, ours: number, yardstick: string, bare: number, unit = 'ms'): void {
  console.log(
    `  ${what.padEnd(44)} ${ours.toFixed(1).padStart(9)} ${unit}   ${yardstick}: ${bare.toFixed(1)} ${unit}   ratio ${(ours / bare).toFixed(2)}`,
  )
}
