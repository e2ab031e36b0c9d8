import { WildError } from '../../platform/errors.ts'

interface Item {
  name: string
  dependsOn: string[]
}

/** Dependencies first. Throws CONFIG_INVALID with the names when something needs what is not there, or itself in a circle. */
export function inOrder<T extends Item>(items: T[]): T[] {
  const byName = new Map(items.map((item) => [item.name, item]))
  const sorted: T[] = []
  const open: string[] = []
  function visit(name: string, neededBy = 'Something'): void {
    const item = byName.get(name)
    if (!item)
      throw new WildError('CONFIG_INVALID', `${neededBy} needs ${name}, which is not in the catalog.`, { name })
    if (sorted.includes(item)) return
    if (open.includes(name)) {
      const circle = [...open.slice(open.indexOf(name)), name].join(' → ')
      throw new WildError('CONFIG_INVALID', `These need each other in a circle: ${circle}.`, { name })
    }
    open.push(name)
    for (const dependency of item.dependsOn) visit(dependency, name)
    open.pop()
    sorted.push(item)
  }
  for (const { name } of items) visit(name)
  return sorted
}

/** An item with everything it needs, dependencies first, itself last. */
export function withDependencies<T extends Item>(items: T[], name: string): T[] {
  const wanted = new Set<string>()
  function collect(current: string): void {
    if (wanted.has(current)) return
    wanted.add(current)
    for (const dependency of items.find((item) => item.name === current)?.dependsOn ?? []) collect(dependency)
  }
  collect(name)
  return inOrder(items).filter((item) => wanted.has(item.name))
}
