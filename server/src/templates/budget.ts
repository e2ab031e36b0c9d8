import { FunctionFailure } from './errors.ts'

/** Steps a rendering may take: statements run, loop turns, and the size of what functions return. */
const mostEffort = 5_000_000

/** What one step may add before the result counts as large. */
const charactersPerStep = 32

/** Keeps a rendering within bounds. Every method throws FunctionFailure once a bound is passed. */
export class Budget {
  readonly maxOutputBytes: number
  readonly maxDepth: number
  private effort = 0
  private depth = 0

  constructor(maxOutputBytes: number, maxDepth: number) {
    this.maxOutputBytes = maxOutputBytes
    this.maxDepth = maxDepth
  }

  /** Counts work done. */
  spend(steps = 1): void {
    this.effort += steps
    if (this.effort > mostEffort) throw new FunctionFailure(`the template takes more than ${mostEffort} steps`)
  }

  /** Counts a text some function returned, and refuses it when it is larger than the output may be. */
  spendText(text: string): void {
    this.spend(1 + text.length / charactersPerStep)
    this.checkBytes(text.length)
  }

  /** Refuses a size beyond what the output may have. */
  checkBytes(bytes: number): void {
    if (bytes > this.maxOutputBytes) throw new FunctionFailure(`the output is larger than ${this.maxOutputBytes} bytes`)
  }

  /** Runs one template inside another. */
  nested<T>(run: () => T): T {
    if (this.depth >= this.maxDepth) throw new FunctionFailure(`exceeded maximum template depth (${this.maxDepth})`)
    this.depth++
    try {
      return run()
    } finally {
      this.depth--
    }
  }
}
