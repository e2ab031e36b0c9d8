/** Tools of this machine by name, as `pnpm tools` finds them. */
export type Tools = ReadonlyMap<string, string>

/** What a suite found. */
export interface Outcome {
  cases: number
  /** One line each: what we do, what the real tool does. */
  differences: string[]
}

/** Something the product or the lab claims, held against a real tool. */
export interface Suite {
  title: string
  /** Without one of these it is skipped. */
  needs: string[]
  run(tools: Tools): Promise<Outcome>
}

/** Collects cases that differ; equal ones are only counted. */
export function outcome(): Outcome & { same(what: string, ours: unknown, theirs: unknown): void } {
  const result: Outcome & { same(what: string, ours: unknown, theirs: unknown): void } = {
    cases: 0,
    differences: [],
    same(what, ours, theirs) {
      result.cases++
      const [one, other] = [JSON.stringify(ours), JSON.stringify(theirs)]
      if (one !== other) result.differences.push(`${what}: ours ${clip(one)}, theirs ${clip(other)}`)
    },
  }
  return result
}

const clip = (text: string | undefined): string => (text && text.length > 300 ? `${text.slice(0, 300)}…` : String(text))
