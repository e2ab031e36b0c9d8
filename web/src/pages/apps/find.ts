/** What of an app is searched. */
export interface Findable {
  name: string
  title: string
  description: string
  category: string
}

/** Pure: categories with how many apps each has, by name. A broken entry has none. */
export function categoriesOf(apps: readonly Findable[]): [string, number][] {
  const counts = new Map<string, number>()
  for (const { category } of apps) if (category) counts.set(category, (counts.get(category) ?? 0) + 1)
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Pure: apps of the category (all when empty) that have every word somewhere; those whose title begins so come first. */
export function find<App extends Findable>(apps: readonly App[], words: string, category: string): App[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  const begins = ({ title }: App) => wanted.length > 0 && title.toLowerCase().startsWith(wanted[0]!)
  return apps
    .filter((app) => !category || app.category === category)
    .filter((app) => {
      const text = [app.name, app.title, app.description, app.category].join(' ').toLowerCase()
      return wanted.every((word) => text.includes(word))
    })
    .sort((a, b) => Number(begins(b)) - Number(begins(a)))
}
