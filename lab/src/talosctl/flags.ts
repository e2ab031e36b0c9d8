/** A flag as the real tool declares it. */
export interface Flag {
  name: string
  short?: string
  type: 'bool' | 'string' | 'strings' | 'int' | 'duration'
  /** `strings` flags split at commas unless this is set. */
  verbatim?: boolean
  default?: string | boolean
  usage: string
  /** Values allowed, with the real tool's complaint about others. */
  choices?: string[]
}

export interface Parsed {
  args: string[]
  values: Map<string, string | boolean | string[]>
}

/** A wrong command line; the message is the real tool's. */
export class UsageError extends Error {}

/** Parses arguments after the command's name: flags anywhere, `--` ends them. Throws UsageError. */
export function parseFlags(argv: string[], flags: Flag[]): Parsed {
  const parsed: Parsed = { args: [], values: new Map() }
  const rest = [...argv]
  while (rest.length > 0) {
    const word = rest.shift()!
    if (word === '--') parsed.args.push(...rest.splice(0))
    else if (word.startsWith('--')) parseLong(word.slice(2), rest, flags, parsed)
    else if (word.startsWith('-') && word !== '-') parseShort(word.slice(1), rest, flags, parsed)
    else parsed.args.push(word)
  }
  return parsed
}

function parseLong(text: string, rest: string[], flags: Flag[], parsed: Parsed): void {
  const at = text.indexOf('=')
  const name = at < 0 ? text : text.slice(0, at)
  const flag = flags.find((one) => one.name === name)
  if (!flag) throw new UsageError(`unknown flag: --${name}`)
  const value = at >= 0 ? text.slice(at + 1) : flag.type === 'bool' ? 'true' : rest.shift()
  if (value === undefined) throw new UsageError(`flag needs an argument: --${name}`)
  set(flag, value, parsed)
}

function parseShort(text: string, rest: string[], flags: Flag[], parsed: Parsed): void {
  for (let index = 0; index < text.length; index += 1) {
    const letter = text[index]!
    const flag = flags.find((one) => one.short === letter)
    if (!flag) throw new UsageError(`unknown shorthand flag: '${letter}' in -${text}`)
    const after = text.slice(index + 1)
    if (flag.type === 'bool' && !after.startsWith('=')) {
      set(flag, 'true', parsed)
      continue
    }
    const value = after === '' ? rest.shift() : after.replace(/^=/, '')
    if (value === undefined) throw new UsageError(`flag needs an argument: '${letter}' in -${text}`)
    set(flag, value, parsed)
    return
  }
}

const TRUE = ['1', 't', 'T', 'true', 'TRUE', 'True']
const FALSE = ['0', 'f', 'F', 'false', 'FALSE', 'False']

function set(flag: Flag, text: string, { values }: Parsed): void {
  const shown = flag.short ? `-${flag.short}, --${flag.name}` : `--${flag.name}`
  const wrong = (reason: string): UsageError =>
    new UsageError(`invalid argument "${text}" for "${shown}" flag: ${reason}`)
  if (flag.type === 'bool') {
    if (![...TRUE, ...FALSE].includes(text)) throw wrong(`strconv.ParseBool: parsing "${text}": invalid syntax`)
    values.set(flag.name, TRUE.includes(text))
  } else if (flag.type === 'strings') {
    const items = flag.verbatim ? [text] : text.split(',').filter((item) => item !== '')
    values.set(flag.name, [...((values.get(flag.name) as string[] | undefined) ?? []), ...items])
  } else {
    if (flag.choices && !flag.choices.includes(text)) throw wrong(`possible options are: ${flag.choices.join(', ')}`)
    if (flag.type === 'int' && !/^-?\d+$/.test(text)) throw wrong(`strconv.ParseInt: parsing "${text}": invalid syntax`)
    if (flag.type === 'duration' && !/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text))
      throw wrong(`time: invalid duration "${text}"`)
    values.set(flag.name, text)
  }
}

/** The flag table that follows an error or `--help`. */
export function flagTable(flags: Flag[]): string {
  const rows = [...flags]
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map((flag) => {
      const head = `${flag.short ? `-${flag.short}, ` : '    '}--${flag.name}${flag.type === 'bool' ? '' : ` ${flag.type}`}`
      const shown =
        flag.default === undefined || flag.default === '' || flag.default === false
          ? ''
          : ` (default ${typeof flag.default === 'string' ? `"${flag.default}"` : flag.default})`
      return [head, flag.usage + shown] as const
    })
  const width = Math.max(...rows.map(([head]) => head.length))
  return rows.map(([head, usage]) => `  ${head.padEnd(width)}   ${usage}\n`).join('')
}
