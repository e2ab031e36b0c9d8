import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { askSecret } from '../ask.ts'
import { act, addCommand, addGroup } from '../command.ts'
import { fileReason, usageError } from '../errors.ts'
import type { Answer } from '../rest/client.ts'
import { route } from '../rest/route.ts'
import { asYaml, type Session } from '../session.ts'
import { showChange } from '../show.ts'

/** Adds `wild-cli secret …`. Values never travel in arguments, where other users of the machine could read them. */
export function addSecretCommands(program: Command): void {
  const group = addGroup(program, 'secret', 'Set and generate the secrets of an instance')
  addGet(group)
  addSet(group)
  addGenerate(group)
}

function addGet(group: Command): void {
  addCommand(group, 'get [path]', 'Show which secrets are set; values are masked', [
    'secret get',
    'secret get apps.ghost.dbPassword',
  ]).action(
    act<[string | undefined]>(async (session, [path]) => {
      const data = await session.api.get<unknown>(await secretsRoute(session), { path })
      if (session.structured) return session.print(data)
      if (isEmpty(data)) return session.messages.plain('No secrets yet. Set one: wild-cli secret set PATH')
      session.out.write(typeof data === 'object' ? await asYaml(data) : `${data}\n`)
    }),
  )
}

function addSet(group: Command): void {
  addCommand(group, 'set <path> [source]', 'Set a secret; asks for the value unless it comes from stdin or a file', [
    'secret set cloudflare.token',
    'pass show cloudflare | wild-cli secret set cloudflare.token -',
    'secret set apps.immich.licence --from-file licence.txt',
  ])
    .option('--from-file <file>', 'read the value from a file (a newline at its end is dropped)')
    .addOption(new Option('--value [value]').hideHelp())
    .action(
      act<[string, string | undefined], SetOptions>(async (session, [path, source], options) => {
        if ((source !== undefined && source !== '-') || options.value !== undefined) {
          throw usageError(
            'A secret is not taken from the command line, where others can read it.',
            'Leave the value out to be asked for it, or give `-` to read stdin, or --from-file FILE.',
          )
        }
        const value = await readSecret(session, path, source, options)
        if (value === '') throw usageError('The value is empty; nothing was changed.')
        const answer = await session.api.send('PUT', await secretsRoute(session), { path, value })
        await showChange(session, answer, `Set secret ${path}`)
      }),
    )
}

function addGenerate(group: Command): void {
  addCommand(group, 'generate <path>', 'Make a random secret and print it, this one time', [
    'secret generate apps.ghost.apiKey',
    'secret generate apps.ghost.apiKey --length 64 --overwrite',
  ])
    .option('--length <characters>', 'how long it is', wholeNumber, 32)
    .option('--overwrite', 'replace a secret that is already set')
    .action(
      act<[string], { length: number; overwrite?: boolean }>(async (session, [path], { length, overwrite }) => {
        const body = { path, length, ...(overwrite ? { overwrite } : {}) }
        const { data } = await session.api.send<Answer<{ value: string }>>(
          'POST',
          `${await secretsRoute(session)}/generate`,
          body,
        )
        if (session.structured) return session.print(data)
        // The value alone goes to stdout, so that it can be piped on.
        session.err.write(`Generated ${path}. The value is shown only now:\n`)
        session.out.write(`${data.value}\n`)
      }),
    )
}

interface SetOptions {
  fromFile?: string
  value?: string | true
}

async function readSecret(
  session: Session,
  path: string,
  source: string | undefined,
  { fromFile }: SetOptions,
): Promise<string> {
  if (source === '-' && fromFile) throw usageError('Give either `-` or --from-file, not both.')
  if (source === '-') return withoutLastNewline(await readAll(process.stdin))
  if (fromFile) return withoutLastNewline(await readSecretFile(fromFile))
  return askSecret(session, `Value of ${path}`)
}

async function readSecretFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw usageError(`Cannot read ${file}: ${fileReason(error)}.`)
  }
}

async function secretsRoute(session: Session): Promise<string> {
  return route`/instances/${await session.instance()}/secrets`
}

function withoutLastNewline(text: string): string {
  return text.replace(/\r?\n$/, '')
}

function isEmpty(data: unknown): boolean {
  return typeof data === 'object' && data !== null && Object.keys(data).length === 0
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 9999.')
  return Number(text)
}
