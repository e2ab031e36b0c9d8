/** A declared key of the config, as far as a form needs it. */
export interface AskedKey {
  path: string
  kind: string
  /** Text in which `<key>` is the value of another key. */
  default: string | null
  /** The default as the daemon works it out from what is saved. */
  suggestion: unknown
}

/**
 * The default of a key while a form is filled in: what refers to other keys of the form follows `valueAt` them.
 * Empty while something it is made of is not known.
 */
export function defaultOf(key: AskedKey, keys: AskedKey[], valueAt: (path: string) => string): string {
  const names = [...(key.default ?? '').matchAll(/<([^>]+)>/g)].map(([, name]) => name!)
  const asked = names.every((name) => keys.some(({ path }) => path === name))
  if (names.length === 0 || !asked)
    return key.suggestion === undefined || key.suggestion === null ? '' : `${key.suggestion}`
  if (!names.every(valueAt)) return ''
  return key.default!.replace(/<([^>]+)>/g, (_all, name: string) => valueAt(name))
}

/** What was typed as the config holds it. Text that is no number stays text: the daemon says what is wrong with it. */
export function typedValue({ kind }: Pick<AskedKey, 'kind'>, text: string): string | number | boolean {
  if (kind === 'port' && /^\d+$/.test(text)) return Number(text)
  if (kind === 'true or false' && /^(true|false)$/.test(text)) return text === 'true'
  return text
}
