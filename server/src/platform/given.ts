/** Arguments of a GraphQL field that were given: those that were left out come as null or undefined. */
export function given<A extends object>(args: A): { [K in keyof A]?: NonNullable<A[K]> } {
  const entries = Object.entries(args).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(entries) as { [K in keyof A]?: NonNullable<A[K]> }
}
