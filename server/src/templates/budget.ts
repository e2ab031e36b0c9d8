import { FunctionFailure } from './errors.ts'
import { isList, isMap, type Value } from './values.ts'

/** Steps a rendering may take: statements run, loop turns, and the size of what functions return. */
const mostEffort = 5_000_000

/** How much of a text, and how many values within a collection, count as one step. */
const charactersPerStep = 32
const valuesPerStep = 4

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

  /**
   * Counts a value some function took or returned, with all that is in it: collections that share their parts grow
   * much faster than they are built. A text larger than the output may be is refused.
   */
  spendValue(value: Value): void {
    this.spend()
    if (typeof value === 'string') {
      this.spend(value.length / charactersPerStep)
      this.checkBytes(value.length)
    } else if (isList(value)) {
      for (const item of value) this.spendContent(item)
    } else if (isMap(value)) {
      for (const item of value.values()) this.spendContent(item)
    }
  }

  /** Counts what a function is given to read. */
  spendArguments(values: Value[]): void {
    for (const value of values) {
      if (typeof value === 'string') this.spend(value.length / charactersPerStep)
      else if (isList(value)) this.spend(value.length / valuesPerStep)
    }
  }

  private spendContent(value: Value): void {
    this.spend(1 / valuesPerStep)
    if (isList(value)) for (const item of value) this.spendContent(item)
    else if (isMap(value)) for (const item of value.values()) this.spendContent(item)
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
