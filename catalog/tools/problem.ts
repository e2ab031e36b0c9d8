/** Something in the catalog that breaks a rule. */
export interface Problem {
  /** Name of the rule. */
  rule: string
  /** Path below the catalog, e.g. `apps/ghost/ingress.yaml`. */
  file: string
  /** Where in the file, e.g. `spec.tls[0].secretName`; empty for the file as a whole. */
  key: string
  /** `Kind namespace/name` of the object; absent for a file as a whole. */
  object?: string
  /** What is wrong, then what to do. */
  message: string
}

/** A problem before its rule has signed it. */
export type Finding = Omit<Problem, 'rule'>

/** One line for a terminal: file, object, key, message, rule. */
export function problemText({ rule, file, object, key, message }: Problem): string {
  const place = [object, key].filter(Boolean).join(', ')
  return `catalog/${file}: ${place === '' ? '' : `${place}: `}${message} (${rule})`
}

/** The same finding once, in the order of files. */
export function tidy(problems: readonly Problem[]): Problem[] {
  const distinct = new Map(problems.map((problem) => [problemText(problem), problem]))
  return [...distinct.values()].sort((a, b) => a.file.localeCompare(b.file))
}
