const factors: Record<string, number> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** A Kubernetes quantity as a number: `500m` is 0.5, `1Gi` 1073741824. What cannot be read counts as 0. */
export function quantity(value: unknown): number {
  if (typeof value === 'number') return value
  const match = /^([+-]?[0-9.]+(?:e[+-]?[0-9]+)?)(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|)$/.exec(String(value ?? ''))
  return match === null ? 0 : Number(match[1]) * (factors[match[2] ?? ''] ?? 0)
}

/** A count given as a number or as a percentage of a total, rounded as Kubernetes does for that field. */
export function countOf(value: unknown, total: number, round: (count: number) => number): number {
  if (typeof value === 'string' && value.endsWith('%')) return round((total * Number(value.slice(0, -1))) / 100)
  return Number(value ?? 0)
}
