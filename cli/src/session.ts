import { CliError, exitCodes, usageError } from './errors.ts'
import { keptToken } from './kept-token.ts'
import { createMessages, type Messages, type TextStream } from './output/messages.ts'
import { createPaint, type Paint, wantsColour } from './output/style.ts'
import { createRestClient, DEFAULT_DAEMON_URL, type RestClient } from './rest/client.ts'
import { tellingOnly } from './rest/telling.ts'

export type OutputFormat = 'table' | 'json' | 'yaml'

/** The options that every command takes. */
export interface GlobalOptions {
  output: OutputFormat
  wait: boolean
  yes?: boolean
  quiet?: boolean
  color: boolean
  verbose?: boolean
  instance?: string
  /** Only tell what would be done. */
  plan?: boolean
  /** How long the daemon may take to answer, in milliseconds; usually two minutes. */
  within?: number
}

/** All that a command needs: the daemon, where to write, and what the person asked for. */
export interface Session {
  api: RestClient
  out: TextStream
  err: TextStream
  paint: Paint
  messages: Messages
  /** JSON or YAML was asked for: stdout carries nothing else. */
  structured: boolean
  /** A terminal where lines may be repainted. */
  live: boolean
  /** Characters in a line of the terminal; absent where lines may be of any length. */
  width: number | undefined
  /** Somebody is there to answer a question. */
  interactive: boolean
  wait: boolean
  yes: boolean
  quiet: boolean
  verbose: boolean
  /** Only tell what would be done. */
  plan: boolean
  /** The instance named by option or environment, without asking the daemon. */
  namedInstance: string | undefined
  /** The instance to act on: `--instance`, then WILD_INSTANCE, then the context. */
  instance(): Promise<string>
  /** Writes data as JSON or YAML to stdout. */
  print(data: unknown): Promise<void>
}

/** The session for the given options, environment and streams. */
export function createSession(
  options: GlobalOptions,
  env = process.env,
  out = process.stdout,
  err = process.stderr,
): Session {
  // An unset variable in a script must not make a command act on another instance.
  if (options.instance === '') throw usageError('--instance is empty.', 'Give a name, or leave the option out.')
  const daemon = env.WILD_DAEMON_URL || DEFAULT_DAEMON_URL
  const client = createRestClient(daemon, env.WILD_TOKEN || keptToken(daemon, env), options.within)
  const api = options.plan ? tellingOnly(client) : client
  const structured = options.output !== 'table'
  const human = structured ? err : out
  const paint = createPaint(wantsColour(human, env, options.color))
  const namedInstance = options.instance || env.WILD_INSTANCE || undefined
  return {
    api,
    out,
    err,
    paint,
    messages: createMessages({ out: human, err, paint, quiet: options.quiet === true }),
    structured,
    live: !structured && !options.quiet && out.isTTY === true && env.TERM !== 'dumb',
    width: out.isTTY === true ? out.columns : undefined,
    interactive: process.stdin.isTTY === true && err.isTTY === true,
    wait: options.wait,
    yes: options.yes === true,
    quiet: options.quiet === true,
    verbose: options.verbose === true,
    plan: options.plan === true,
    namedInstance,
    instance: async () => namedInstance ?? currentInstance(api),
    async print(data) {
      out.write(options.output === 'yaml' ? await asYaml(data) : `${JSON.stringify(data, null, 2)}\n`)
    },
  }
}

async function currentInstance(api: RestClient): Promise<string> {
  const { current } = await api.get<{ current: string | null }>('/context')
  if (current) return current
  throw new CliError(exitCodes.usage, 'No instance is chosen.', {
    next: [
      'Choose one: wild-cli context use NAME (or --instance NAME, or WILD_INSTANCE)',
      'See what there is: wild-cli instance list    Create one: wild-cli instance create home',
    ],
  })
}

/** Data as YAML text, a scalar as it is. */
export async function asYaml(data: unknown): Promise<string> {
  const { stringify } = await import('yaml')
  return stringify(data, { lineWidth: 0 })
}
