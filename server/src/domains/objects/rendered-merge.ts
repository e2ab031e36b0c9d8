import { applyPatch, structuredPatch } from 'diff'

/**
 * Brings an edit by hand and a new version of a text together: what changed from `base` to `theirs` is done to `mine`.
 * Undefined when both changed the same lines.
 */
export function mergeTexts(mine: string, base: string, theirs: string): string | undefined {
  if (mine === base) return theirs
  if (theirs === base) return mine
  const merged = applyPatch(mine, structuredPatch('', '', base, theirs, undefined, undefined, { context: 3 }), {
    fuzzFactor: 0,
  })
  return merged === false ? undefined : merged
}
