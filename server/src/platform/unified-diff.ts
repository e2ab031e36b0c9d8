import { createTwoFilesPatch } from 'diff'

/** From one text to another as a unified diff with three lines around each change; the names stand above it. */
export function unifiedDiff(
  names: string | readonly [from: string, to: string],
  before: string,
  after: string,
): string {
  const [from, to] = typeof names === 'string' ? [names, names] : names
  // The lines before `---` are for mailing several files at once.
  return createTwoFilesPatch(from, to, before, after, undefined, undefined, { context: 3 }).replace(
    /^(Index: .*\n)?=+\n/,
    '',
  )
}
