import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { askSecret, confirmLoss } from '../ask.ts'
import { act, addCommand, addGroup, withPlan } from '../command.ts'
import { fileReason, usageError } from '../errors.ts'
import { startOperation } from '../operation/start.ts'
import type { Column } from '../output/table.ts'
import type { Answer } from '../rest/client.ts'
import { route } from '../rest/route.ts'
import { asYaml, type Session } from '../session.ts'
import { showChange, showList } from '../show.ts'

/** Adds `wild-cli secret …`. Values never travel in arguments, where other users of the machine could read them. */
export function addSecretCommands(program: Command): void {
  const group = addGroup(program, 'secret', 'Set and generate the secrets of an instance')
  addGet(group)
  addList(group)
  addSet(group)
  addGenerate(group)
  addDelete(group)
  addCopy(group)
}

function addGet(group: Command): void {
  addCommand(group, 'get [secret]', 'Show which secrets are set; values are masked unless --reveal', [
    'secret get',
    'secret get apps.ghost.dbPassword',
    "secret get apps.ghost.dbPassword --reveal --reason 'moving the database'",
  ])
    .option('--reveal', 'print the value of this one secret; that is noted in the audit log')
    .option('--reason <text>', 'why, for the audit log')
    .action(
      act<[string | undefined], { reveal?: boolean; reason?: string }>(async (session, [path], { reveal, reason }) => {
        if (reveal) return showValue(session, path, reason)
        if (reason !== undefined) throw usageError('--reason belongs to --reveal.')
        const data = await session.api.get<unknown>(await secretsRoute(session), { path })
        if (session.structured) return session.print(data)
        if (isEmpty(data)) return session.messages.plain('No secrets yet. Set one: wild-cli secret set PATH')
        session.out.write(typeof data === 'object' ? await asYaml(data) : `${data}\n`)
      }),
    )
}

/** The value alone goes to stdout, so that it can be piped on. */
async function showValue(session: Session, path: string | undefined, reason: string | undefined): Promise<void> {
  if (path === undefined) throw usageError('Name the secret to reveal: wild-cli secret get PATH --reveal')
  const { data } = await session.api.send<Answer<{ value: string }>>('POST', `${await secretsRoute(session)}/reveal`, {
    path,
    ...(reason === undefined ? {} : { reason }),
  })
  if (session.structured) return session.print(data)
  session.out.write(`${data.value}\n`)
}

interface Listed {
  path: string
  kind: string
  owner?: string
  /** Absent in answers of old daemons. */
  optional?: boolean
  description?: string
  set: boolean
}

const listColumns: Column<Listed>[] = [
  { title: 'path', value: ({ path }) => path },
  { title: 'kind', value: ({ kind }) => kind },
  { title: 'state', value: ({ set, optional }) => (set ? 'set' : optional ? 'not set (optional)' : 'not set') },
  { title: 'of', value: ({ owner }) => owner ?? '' },
]

function addList(group: Command): void {
  addCommand(group, 'list', 'List the secrets that are set or needed with their kinds, without values', [
    'secret list',
  ]).action(
    act(async (session) => {
      const data = await session.api.get<{ secrets: Listed[]; warnings: string[] }>(
        `${await secretsRoute(session)}/list`,
      )
      for (const warning of data.warnings) session.messages.warning(warning)
      await showList(session, data, {
        rows: data.secrets,
        columns: listColumns,
        empty: 'No secrets yet. Set one: wild-cli secret set PATH',
      })
      const needed = data.secrets.filter(({ kind, set, optional }) => kind === 'supplied' && !set && !optional)
      for (const { path, description } of needed)
        session.messages.info(`To set: wild-cli secret set ${path}${description ? `    ${description}` : ''}`)
    }),
  )
}

function addDelete(group: Command): void {
  addCommand(group, 'delete <secret>', 'Delete one secret', ['secret delete apps.ghost.apiKey']).action(
    act<[string]>(async (session, [path]) => {
      await confirmLoss(session, `Delete the secret ${path}? What uses it will stop working.`)
      const answer = await session.api.send('DELETE', await secretsRoute(session), undefined, { path })
      await showChange(session, answer, `Deleted secret ${path}`)
    }),
  )
}

function addSet(group: Command): void {
  addCommand(group, 'set <secret> [source]', 'Set a secret; asks for the value unless it comes from stdin or a file', [
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
  addCommand(group, 'generate <secret>', 'Make a random secret and print it, this one time', [
    'secret generate apps.ghost.apiKey',
    'secret generate apps.ghost.apiKey --length 64 --charset hex --overwrite',
  ])
    .option('--length <characters>', 'how long it is', wholeNumber, 32)
    .addOption(
      new Option('--charset <name>', 'characters it is made of (default: alnum)').choices([
        ...['alnum', 'alpha', 'digits', 'hex', 'base64', 'base64url', 'ascii'],
      ]),
    )
    .option('--overwrite', 'replace a secret that is already set')
    .action(
      act<[string], GenerateOptions>(async (session, [path], { length, charset, overwrite }) => {
        const body = { path, length, ...(charset ? { charset } : {}), ...(overwrite ? { overwrite } : {}) }
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

interface GenerateOptions {
  length: number
  charset?: string
  overwrite?: boolean
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

function addCopy(group: Command): void {
  withPlan(
    addCommand(group, 'copy <source> <namespace...>', 'Copy a Secret of the cluster to other namespaces', [
      'secret copy cert-manager:wildcard-wild-cloud-tls ghost gitea',
    ]),
  ).action(
    act<[string, string[]]>(async (session, [source, namespaces]) => {
      const path = route`/instances/${await session.instance()}/cluster/secrets/copy`
      await startOperation(
        session,
        { path, body: { source, namespaces } },
        { success: `${source} is in ${namespaces.join(', ')}.` },
      )
    }),
  )
}
