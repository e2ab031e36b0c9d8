const PEM = /^-----BEGIN ([A-Z0-9 ]+)-----/

function shapeOfText(text: string): string {
  const label = PEM.exec(Buffer.from(text, 'base64').toString('latin1'))?.[1]
  if (label) return `<${label}>`
  if (/^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(text)) return '<token>'
  if (/^[A-Za-z0-9+/_-]{43}=$/.test(text)) return '<32 bytes>'
  return text
}

/** A document with everything that is random replaced by what kind of thing it is; keys sorted. */
export function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (typeof value === 'string') return shapeOfText(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, inner]) => [key, shapeOf(inner)]),
  )
}

/** Flags that a help text names, without `--help` and those every command of talosctl has. */
export function flagsIn(help: string): string[] {
  const own = help.split(/^Global Flags:/m)[0]!
  const names = [...own.matchAll(/^\s+(?:-\w, )?--([\w-]+)/gm)].map(([, name]) => name!)
  return [...new Set(names)].filter((name) => name !== 'help').sort()
}
