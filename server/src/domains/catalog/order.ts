import { WildError } from '../../platform/errors.ts'

interface Item {
  name: string
  dependsOn: string[]
}

/** Dependencies first. Throws CONFIG_INVALID with the names when something needs what is not there, or itself in a circle. */
export function inOrder<T extends Item>(items: T[]): T[] {
  return sort(
    items,
    items.map(({ name }) => name),
  )
}

/** An item with everything it needs, dependencies first, itself last. Throws as `inOrder`; trouble among others does not matter. */
export function withDependencies<T extends Item>(items: T[], name: string): T[] {
  return sort(items, [name])
}

function sort<T extends Item>(items: T[], wanted: string[]): T[] {
  const byName = new Map(items.map((item) => [item.name, item]))
  const sorted = new Set<T>()
  function visit(name: string, above: string[]): void {
    const item = byName.get(name)
    if (!item) throw unknown(name, above.at(-1))
    if (sorted.has(item)) return
    if (above.includes(name)) throw circle([...above.slice(above.indexOf(name)), name])
    for (const dependency of item.dependsOn) visit(dependency, [...above, name])
    sorted.add(item)
  }
  for (const name of wanted) visit(name, [])
  return [...sorted]
}

function unknown(name: string, neededBy?: string): WildError {
  const who = neededBy ? `${neededBy} needs ${name}, which` : name
  return new WildError('CONFIG_INVALID', `${who} is not in the catalog, or cannot be used.`, { name })
}

function circle(names: string[]): WildError {
  return new WildError('CONFIG_INVALID', `These need each other in a circle: ${names.join(' → ')}.`, { name: names[0] })
}
