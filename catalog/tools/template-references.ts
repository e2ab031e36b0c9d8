/** A value a template reads. */
export interface Reference {
  /** Dotted path from the root, e.g. `cloud.smtp.host`; `*` stands for each of many. */
  path: string
  /** Read by `index`, which does not fail when the value is absent. */
  optional: boolean
  /** 1-based. */
  line: number
}

const action = /\{\{-?((?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|(?!\}\})[\s\S])*?)-?\}\}/g
const token = /"(?:[^"\\]|\\.)*"|`[^`]*`|\$?\.[A-Za-z_][\w.]*|\$[A-Za-z_][\w.]*|[A-Za-z_][\w.]*|:=|\S/g
const isString = (text: string | undefined): text is string => text !== undefined && /^["`]/.test(text)
const isPath = (text: string): boolean => /^\$?\.\w/.test(text)
const isVariable = (text: string | undefined): text is string => text !== undefined && /^\$\w/.test(text)

/** Variables and the paths their values came from. */
type Aliases = Map<string, string>

/** The path a token stands for; undefined when it stands for something computed. */
function pathOf(text: string, aliases: Aliases): string | undefined {
  if (isPath(text)) return text.replace(/^\$?\./, '')
  if (!isVariable(text)) return undefined
  const [name = '', ...fields] = text.split('.')
  const start = aliases.get(name)
  return start === undefined ? undefined : [start, ...fields].join('.')
}

function readTokens(tokens: string[], line: number, aliases: Aliases): Reference[] {
  const found: Reference[] = []
  for (let at = 0; at < tokens.length; at += 1) {
    const subject = tokens[at] === 'index' ? tokens[at + 1] : undefined
    const base = pathOf(subject ?? tokens[at]!, aliases)
    if (base === undefined) continue
    // A variable alone repeats what was read when it was set.
    if (subject === undefined && aliases.has(tokens[at]!)) continue
    const keys: string[] = []
    if (subject !== undefined) {
      at += 1
      while (isString(tokens[at + 1])) keys.push(tokens[++at]!.slice(1, -1))
    }
    found.push({ path: [base, ...keys].join('.'), optional: keys.length > 0, line })
  }
  return found
}

/** What `:=` gives a variable, so that `index $mail "host"` is known to read cloud.smtp.host. */
function noteAliases(tokens: string[], references: Reference[], aliases: Aliases): void {
  const sign = tokens.indexOf(':=')
  const source = references[0]?.path
  const names = tokens.slice(0, sign).filter(isVariable)
  if (sign < 0 || source === undefined || names.length === 0) return
  const isRange = tokens[0] === 'range'
  aliases.set(names.at(-1)!, isRange ? `${source}.*` : source)
}

/** Every value of config.yaml (or `.secrets`) that a Go template names, and the lines that hide what they read. */
export function templateReferences(text: string): { references: Reference[]; hidden: number[] } {
  const aliases: Aliases = new Map()
  const references: Reference[] = []
  const hidden: number[] = []
  for (const match of text.matchAll(action)) {
    const line = text.slice(0, match.index).split('\n').length
    const tokens: string[] = match[1]!.match(token) ?? []
    if (tokens[0] === '/') continue
    // Inside these a bare dot is something else, and nobody can see what is read.
    if (tokens[0] === 'with' || (tokens[0] === 'range' && !tokens.includes(':='))) hidden.push(line)
    const sign = tokens.indexOf(':=')
    const read = readTokens(tokens.slice(sign + 1), line, aliases)
    references.push(...read)
    noteAliases(tokens, read, aliases)
  }
  return { references, hidden }
}
