/** How everything was together, between two moments (0 to 1 of the window). */
export interface Span {
  from: number
  to: number
  state: 'passing' | 'warning' | 'failing' | 'unknown'
}

const rank = { passing: 0, warning: 1, failing: 2 } as const

/**
 * Pure: how well everything was over a window of time, from the changes of each check. Before the first change that is
 * known nothing is known. `events` may come in any order.
 */
export function healthSpans(
  events: readonly { name: string; status: keyof typeof rank; at: string }[],
  now: number,
  windowMs: number,
): Span[] {
  const start = now - windowMs
  const place = (time: number) => Math.max(0, Math.min(1, (time - start) / windowMs))
  const changes = events.map(({ name, status, at }) => ({ name, status, time: Date.parse(at) }))
  changes.sort((a, b) => a.time - b.time)
  const states = new Map<string, keyof typeof rank>()
  const spans: Span[] = []
  let from = 0
  let state: Span['state'] = 'unknown'
  for (const { name, status, time } of changes) {
    states.set(name, status)
    const worst = [...states.values()].reduce((a, b) => (rank[b] > rank[a] ? b : a), 'passing' as keyof typeof rank)
    if (worst === state) continue
    if (place(time) > from) spans.push({ from, to: place(time), state })
    from = place(time)
    state = worst
  }
  return [...spans, { from, to: 1, state }]
}
