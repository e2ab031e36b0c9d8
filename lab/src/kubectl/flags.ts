import { CommandError, UsageError } from './errors.ts'

/** A flag of kubectl. Flags without `lab` exist in the real program, but the lab has nothing behind them. */
export interface Flag {
  short?: string
  type: 'bool' | 'string' | 'list'
  /** What the flag means when it comes without a value (`--dry-run`). */
  alone?: string
  lab?: true
}

export type Flags = Record<string, Flag>

export interface Parsed {
  args: string[]
  text(name: string): string | undefined
  is(name: string): boolean
  list(name: string): string[]
}

/** `string('name', 'n')`-like rows: `lab` ones are simulated, the others only known. */
export const bool = (short?: string): Flag => ({ type: 'bool', lab: true, ...(short && { short }) })
export const text = (short?: string, alone?: string): Flag => ({
  type: 'string',
  lab: true,
  ...(short && { short }),
  ...(alone && { alone }),
})
export const list = (short?: string): Flag => ({ type: 'list', lab: true, ...(short && { short }) })

/** Flags the real program has and the lab refuses to act on; a trailing `!` marks booleans. */
export const known = (names: string): Flags =>
  Object.fromEntries(
    names
      .split(' ')
      .map((name): [string, Flag] =>
        name.endsWith('!') ? [name.slice(0, -1), { type: 'bool' }] : [name, { type: 'string' }],
      ),
  )

/** Flags that every command takes. */
export const globalFlags: Flags = {
  kubeconfig: text(),
  context: text(),
  cluster: text(),
  user: text(),
  namespace: text('n'),
  'request-timeout': text(),
  'cache-dir': text(),
  v: text('v'),
  'log-flush-frequency': text(),
  'warnings-as-errors': bool(),
  'disable-compression': bool(),
  'match-server-version': bool(),
  help: bool('h'),
  ...known(
    'as as-group as-uid as-user-extra certificate-authority client-certificate client-key insecure-skip-tls-verify! password profile profile-output server tls-server-name token username vmodule',
  ),
}
globalFlags.server!.short = 's'

const usage = (command: string, message: string): UsageError =>
  new UsageError(`Error: ${message}\nSee '${command} --help' for usage.`)

function checkBool(command: string, shown: string, value: string): string {
  if (['1', 't', 'T', 'true', 'TRUE', 'True'].includes(value)) return 'true'
  if (['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value)) return 'false'
  throw usage(
    command,
    `invalid argument "${value}" for "${shown}" flag: strconv.ParseBool: parsing "${value}": invalid syntax`,
  )
}

interface Found {
  name: string
  flag: Flag
  shown: string
}

/**
 * Reads arguments the way kubectl does: flags anywhere, `--flag value`, `--flag=value`, `-nvalue`, `-A`, `--` ends them.
 * @param command for messages, such as `kubectl get`
 * Throws UsageError for flags kubectl does not have, and CommandError for those the lab does not simulate.
 */
export function parseFlags(command: string, given: readonly string[], own: Flags): Parsed {
  const flags: Flags = { ...globalFlags, ...own }
  const values = new Map<string, string[]>()
  const args: string[] = []
  const rest = [...given]

  const store = ({ name, flag, shown }: Found, inline: string | undefined): void => {
    if (flag.lab === undefined) throw new CommandError(`the lab's kubectl knows --${name}, but has nothing behind it`)
    let value = inline
    if (flag.type === 'bool') value = checkBool(command, shown, value ?? 'true')
    else value ??= flag.alone ?? rest.shift()
    if (value === undefined)
      throw usage(
        command,
        `flag needs an argument: ${shown.startsWith('-') && !shown.startsWith('--') ? `'${shown.slice(1, 2)}' in ${shown}` : shown}`,
      )
    values.set(name, flag.type === 'list' ? [...(values.get(name) ?? []), ...value.split(',')] : [value])
  }
  const long = (argument: string): void => {
    const at = argument.indexOf('=')
    const name = argument.slice(2, at < 0 ? undefined : at)
    const flag = Object.hasOwn(flags, name) ? flags[name] : undefined
    if (flag === undefined) throw usage(command, `unknown flag: --${name}`)
    const short = flag.short === undefined ? '' : `-${flag.short}, `
    store(
      { name, flag, shown: at < 0 && flag.type !== 'bool' ? `--${name}` : `${short}--${name}` },
      at < 0 ? undefined : argument.slice(at + 1),
    )
  }
  const short = (argument: string): void => {
    for (let at = 1; at < argument.length; at += 1) {
      const found = Object.entries(flags).find(([, flag]) => flag.short === argument[at])
      if (found === undefined) throw usage(command, `unknown shorthand flag: '${argument[at]}' in ${argument}`)
      const [name, flag] = found
      const tail = argument.slice(at + 1)
      const takesTail = flag.type !== 'bool' || tail.startsWith('=')
      store({ name, flag, shown: argument }, takesTail && tail !== '' ? tail.replace(/^=/, '') : undefined)
      if (takesTail) return
    }
  }
  while (rest.length > 0) {
    const argument = rest.shift()!
    if (argument === '--') args.push(...rest.splice(0))
    else if (argument.startsWith('--')) long(argument)
    else if (argument.startsWith('-') && argument !== '-') short(argument)
    else args.push(argument)
  }
  return {
    args,
    text: (name) => values.get(name)?.at(-1),
    is: (name) => values.get(name)?.at(-1) === 'true',
    list: (name) => values.get(name) ?? [],
  }
}

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Milliseconds of a Go duration such as `15s` or `1m30s`; a bare number is seconds where `bare` allows it. Throws. */
export function duration(value: string, flag: string, bare = false): number {
  if (bare && /^\d+$/.test(value)) return Number(value) * 1000
  if (value === '0') return 0
  if (!/^-?((\d+(\.\d+)?)(ms|s|m|h))+$/.test(value))
    throw new CommandError(`invalid argument "${value}" for "--${flag}" flag: time: invalid duration "${value}"`)
  const sum = [...value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)].reduce(
    (total, [, number, unit]) => total + Number(number) * units[unit!]!,
    0,
  )
  return value.startsWith('-') ? -sum : sum
}
