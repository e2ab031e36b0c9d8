/** What may stand at the cursor. */
export interface Candidate {
  value: string
  /** What it means, on one line. */
  about?: string
}

/** Options before the cursor, by their names; a switch has an empty value. */
export type GivenOptions = Map<string, string>

/** What a value is wanted for. */
export interface Wanted {
  /** The command, such as `app deploy`. */
  command: string
  /** Name of the argument, or of the value of an option, as the help shows it. */
  argument: string
  positionals: string[]
  options: GivenOptions
}

export type ValueSource = (wanted: Wanted) => Promise<Candidate[] | 'files'>
