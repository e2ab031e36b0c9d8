import { type Command, InvalidArgumentError } from 'commander'
import { act, addCommand } from '../command.ts'
import { usageError } from '../errors.ts'
import { route } from '../rest/route.ts'
import type { ClusterNode, Machine } from '../rest/types.ts'
import type { Session } from '../session.ts'
import { writeLines } from '../show.ts'

/** Runs another command of this program. */
export type RunCommand = (args: string[]) => Promise<void>

interface SetupOptions {
  skipCluster?: boolean
  skipServices?: boolean
  controlPlanes?: number
  workers?: number
}

interface Part {
  title: string
  skipped(options: SetupOptions): boolean
  /** Commands, decided when it is their turn: what is found decides the nodes. */
  commands: ((session: Session, options: SetupOptions) => Promise<string[]>)[]
}

const parts: Part[] = [
  { title: 'Settings', skipped: () => false, commands: [async () => ['config', 'prompt']] },
  {
    title: 'Cluster',
    skipped: ({ skipCluster }) => skipCluster === true,
    commands: [
      async () => ['node', 'discover'],
      async (session, options) => ['node', 'setup', ...(await nodeNames(session, options))],
      async () => ['cluster', 'bootstrap'],
    ],
  },
  {
    title: 'Services',
    skipped: ({ skipServices }) => skipServices === true,
    commands: [async () => ['service', 'install-all']],
  },
]

/** Adds `wild-cli setup`: settings, cluster and services one after the other, as commands that can be run alone too. */
export function addSetupCommand(program: Command, run: RunCommand): void {
  addCommand(program, 'setup', 'Walk from bare machines to a cluster with its services; what is done is skipped', [
    'setup',
    'setup --control-planes 3 --workers 2 --yes',
    'setup --skip-cluster',
    'setup --plan',
  ])
    .option('--skip-cluster', 'leave out the machines and the bootstrap')
    .option('--skip-services', 'leave out the services')
    .option(
      '--control-planes <n>',
      'how many control planes (default: 3 where there are machines for it, else 1)',
      count,
    )
    .option('--workers <n>', 'how many workers (default: none)', count)
    .option('--plan', 'only print the commands it would run')
    .action(act<[], SetupOptions>((session, _args, options) => walk(session, options, run)))
}

async function walk(session: Session, options: SetupOptions, run: RunCommand): Promise<void> {
  if (session.structured)
    throw usageError(
      'setup speaks to people only.',
      'Its commands answer in JSON each: wild-cli setup --plan lists them.',
    )
  if (!session.wait) throw usageError('setup waits for each part before the next; --no-wait makes no sense here.')
  const shared = ['--instance', await session.instance(), ...(session.yes ? ['--yes'] : []), ...noise(session)]
  for (const part of parts.filter(({ skipped }) => !skipped(options))) {
    writeLines(session, ['', session.paint('bold', `=== ${part.title} ===`), ''])
    for (const command of part.commands) {
      const args = await command(session, options)
      writeLines(session, [session.paint('bold', `$ wild-cli ${args.join(' ')}`)])
      if (!session.plan) await run([...args, ...shared])
    }
  }
  if (!session.plan) session.messages.info('Next: wild-cli app catalog')
}

function noise(session: Session): string[] {
  return [...(session.quiet ? ['--quiet'] : []), ...(session.verbose ? ['--verbose'] : [])]
}

/** The nodes there are, or names for as many as were asked for or can be had. */
async function nodeNames(session: Session, { controlPlanes, workers = 0 }: SetupOptions): Promise<string[]> {
  const instance = await session.instance()
  const { nodes } = await session.api.get<{ nodes: ClusterNode[] }>(route`/instances/${instance}/nodes`)
  if (nodes.length > 0 && controlPlanes === undefined && workers === 0) return nodes.map(({ name }) => name)
  const prefix = (await prefixOf(session, instance)) ?? ''
  const planes =
    controlPlanes ?? (nodes.filter(({ role }) => role === 'controlplane').length || (await affordable(session)))
  return [...numbered(`${prefix}control`, planes), ...numbered(`${prefix}worker`, workers)]
}

/** Three control planes survive the loss of one; two are worse than one. */
async function affordable(session: Session): Promise<number> {
  const path = route`/instances/${await session.instance()}/machines`
  const { machines } = await session.api.get<{ machines: Machine[] }>(path)
  return machines.filter(({ maintenance_mode, node }) => maintenance_mode && !node).length >= 3 ? 3 : 1
}

async function prefixOf(session: Session, instance: string): Promise<string | undefined> {
  const path = route`/instances/${instance}/config`
  return session.api.get<string>(path, { path: 'cluster.hostnamePrefix' }).catch(() => undefined)
}

function numbered(name: string, many: number): string[] {
  return Array.from({ length: many }, (_, index) => `${name}-${index + 1}`)
}

function count(text: string): number {
  if (!/^\d{1,2}$/.test(text)) throw new InvalidArgumentError('It must be a whole number, at most 99.')
  return Number(text)
}
