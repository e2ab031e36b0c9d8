/** Something in the catalog that breaks a rule. */
export interface Problem {
  /** Name of the rule. */
  rule: string
  /** Path below the catalog, e.g. `apps/ghost/ingress.yaml`. */
  file: string
  /** Where in the file, e.g. `spec.tls[0].secretName`; empty for the file as a whole. */
  key: string
  /** What is wrong, then what to do. */
  message: string
}

/** A problem before its rule has signed it. */
export type Finding = Omit<Problem, 'rule'>

/** One line for a terminal: file, key, message, rule. */
export function problemText({ rule, file, key, message }: Problem): string {
  return `catalog/${file}: ${key === '' ? '' : `${key}: `}${message} (${rule})`
}

/** The same finding once, in the order of files. */
export function tidy(problems: readonly Problem[]): Problem[] {
  const distinct = new Map(problems.map((problem) => [problemText(problem), problem]))
  return [...distinct.values()].sort((a, b) => a.file.localeCompare(b.file))
}
