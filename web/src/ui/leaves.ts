/** Every value of a nested object with its path: apps.ghost.port → 2368. Lists are one value. */
export function leaves(value: unknown, path = ''): [string, string][] {
  if (value === null || value === undefined) return path ? [[path, '']] : []
  if (Array.isArray(value)) return [[path, value.map((item) => text(item)).join(', ')]]
  if (typeof value !== 'object') return [[path, text(value)]]
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key))
}

function text(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}
