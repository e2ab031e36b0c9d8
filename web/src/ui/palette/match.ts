/** One thing the palette can lead to. */
export interface Target {
  kind: 'page' | 'instance' | 'node' | 'service' | 'app' | 'catalog' | 'operation' | 'action' | 'help'
  title: string
  /** Where it belongs: an instance, or a document of the help. */
  place?: string
  /** Words by which it is found, after everything that is called so. */
  about?: string
  href: string
}

/**
 * Pure: how well a text fits what was typed: higher is better, undefined when a word of it does not occur. Words may come
 * in any order; the beginning of a word counts more than its middle, and a short text more than a long one.
 */
export function fit(text: string, typed: string): number | undefined {
  const within = text.toLowerCase()
  let sum = 0
  for (const word of typed.toLowerCase().split(/\s+/).filter(Boolean)) {
    const at = within.indexOf(word)
    if (at < 0) return undefined
    const starts = at === 0 || /[^\p{L}\p{N}]/u.test(within[at - 1]!)
    sum += starts ? 10 : 4
    if (at === 0) sum += 5
  }
  return sum - within.length / 100
}

/** What only its description fits comes after whatever is called so. */
const behindNames = (score: number | undefined) => (score === undefined ? undefined : score - 1_000)
/** The help is for who finds nothing else of that name. */
const behind = ({ kind }: Target) => (kind === 'help' ? 500 : 0)

/** Pure: what fits, the best first; everything in its own order when nothing was typed. */
export function search(targets: readonly Target[], typed: string, most: number): Target[] {
  if (!typed.trim()) return targets.slice(0, most)
  return targets
    .flatMap((target, index) => {
      const called = `${target.title} ${target.place ?? ''}`
      const score = fit(called, typed) ?? behindNames(fit(`${called} ${target.about ?? ''}`, typed))
      return score === undefined ? [] : [{ target, index, score: score - behind(target) }]
    })
    .sort((a, b) => b.score - a.score || a.index - b.index)
    .slice(0, most)
    .map(({ target }) => target)
}
