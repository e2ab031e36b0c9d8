import { type Command, Option } from 'commander'
import { confirm } from '../ask.ts'
import { act, addCommand, withPlan } from '../command.ts'
import { Ended, usageError } from '../errors.ts'
import { seeAllThrough, tellStarted } from '../operation/outcome.ts'
import { planLines } from '../operation/plan-text.ts'
import { askPlan, nothingChanged, type OperationRequest } from '../operation/start.ts'
import { renderTable } from '../output/table.ts'
import { reportError } from '../report-error.ts'
import type { Answer } from '../rest/client.ts'
import { route } from '../rest/route.ts'
import type { Assignment, ClusterNode, Started } from '../rest/types.ts'
import type { Session } from '../session.ts'
import { showList, writeLines } from '../show.ts'
import { askForMissing } from './config-prompt.ts'
import { assignmentColumns } from './node-columns.ts'

interface SetupOptions {
  forceReconfigure?: boolean
  reconfigure?: boolean
  detect?: boolean
  deploy: boolean
  role?: string
  acceptDisk?: string
}

/** What the config of a machine is made from, besides the required keys. */
const clusterKeys = ['cluster.nodes.control.vip', 'cluster.kubernetesVersion', 'cluster.nodes.talos.version']

interface AssignRequest {
  nodes: string[]
  role?: string
  machine?: string
}

/** Adds `wild-cli node setup`: from names to running nodes in one command. */
export function addNodeSetup(group: Command): void {
  const command = addCommand(group, 'setup <node...>', 'Give machines to nodes and set them all up together', [
    'node setup control-1 control-2 control-3',
    'node setup control-1 --plan',
    'node setup storage --role worker --yes',
    'node setup control-1 --force-reconfigure',
    'node setup control-1 --accept-disk S3Z8NB0K123456',
  ])
  withPlan(command)
    .option('--role <role>', 'controlplane or worker, for names that do not say it')
    .option('--force-reconfigure', 'detect the hardware and write the config again')
    .addOption(new Option('--reconfigure').hideHelp())
    .addOption(new Option('--detect').hideHelp())
    .option('--no-deploy', 'write the config without applying it to the machine')
    .option('--accept-disk <word>', 'overwrite a disk that a set-up refused, by the word it named; for one node')
    .action(act<[string[]], SetupOptions>(setUpNodes))
}

/** Adds `wild-cli node assign`: only the choice of machines, without setting anything up. */
export function addNodeAssign(group: Command): void {
  addCommand(group, 'assign <node...>', 'Choose the machine for each node, without setting it up', [
    'node assign control-1 control-2 control-3 --plan',
    'node assign worker-1 --machine 52:54:00:12:34:56',
  ])
    .option('--role <role>', 'controlplane or worker, for names that do not say it')
    .option('--machine <mac>', 'this machine, for a single node')
    .option('--plan', 'only show what would be chosen')
    .action(
      act<[string[]], { role?: string; machine?: string; plan?: boolean }>(async (session, [nodes], options) => {
        if (options.machine && nodes.length > 1) throw usageError('--machine goes with a single node.')
        const request = { nodes, role: options.role, machine: options.machine }
        const data = await assign(session, await session.instance(), request, options.plan === true)
        const empty = 'Nothing to assign.'
        await showList(session, data, { rows: data.assignments, columns: assignmentColumns, empty })
        warnOf(session, data.assignments)
        if (!options.plan) session.messages.info(`Next: wild-cli node setup ${nodes.join(' ')}`)
      }),
    )
}

async function setUpNodes(session: Session, [given]: [string[]], options: SetupOptions): Promise<void> {
  const instance = await session.instance()
  const names = [...new Set(given)]
  if (options.acceptDisk && names.length > 1) throw usageError('--accept-disk goes with a single node.')
  if (session.plan) return planNodes(session, instance, names, options)
  await askForMissing(session, { keys: clusterKeys })
  await assignUnknown(session, instance, names, options)
  const { started, failures } = await startAll(session, instance, names, options)
  try {
    if (started.length > 0) await seeNodes(session, started, options)
  } finally {
    for (const { reason } of failures) reportError(reason, (text) => session.err.write(text))
  }
  if (failures.length > 0) throw new Ended(reportError(failures[0]!.reason, () => undefined))
}

/** Tells what setting up would do. Names that are no nodes yet show the machine they would get; their steps follow from it. */
async function planNodes(session: Session, instance: string, names: string[], options: SetupOptions): Promise<void> {
  const unknown = await unknownNames(session, instance, names)
  const request = { nodes: unknown, role: options.role }
  const { assignments } = unknown.length ? await assign(session, instance, request, true) : { assignments: [] }
  const known = names.filter((name) => !unknown.includes(name))
  const plans = await Promise.all(known.map((name) => askPlan(session, setupRequest(instance, name, options))))
  if (session.structured) return session.print({ assignments, plans })
  if (assignments.length > 0) {
    writeLines(session, renderTable(assignmentColumns, assignments, session.paint, session.width))
    const them = unknown.length === 1 ? 'it is' : 'they are'
    writeLines(session, [
      `${unknown.join(', ')}: the steps are known when ${them} assigned: wild-cli node assign ${unknown.join(' ')}`,
    ])
  }
  for (const plan of plans) writeLines(session, planLines(plan, session.paint))
  session.messages.info(nothingChanged)
}

interface StartedNode {
  name: string
  answer: Started
}

async function seeNodes(session: Session, started: StartedNode[], options: SetupOptions): Promise<void> {
  if (session.wait) {
    const targets = started.map(({ name, answer }) => ({ id: answer.operation_id, label: name }))
    await seeAllThrough(session, targets, readyText(started, options))
    if (options.deploy) await suggestBootstrap(session)
    return
  }
  if (session.structured) return session.print({ operations: started.map(({ answer }) => answer) })
  for (const { answer } of started) tellStarted(session, answer)
}

async function suggestBootstrap(session: Session): Promise<void> {
  const path = route`/instances/${await session.instance()}/cluster/status`
  // What comes next is a kindness; nodes that are set up are set up without it.
  const cluster = await session.api.get<{ status: string }>(path).catch(() => undefined)
  if (cluster?.status === 'not_bootstrapped') session.messages.info('Next: wild-cli cluster bootstrap')
}

/** Names that are no nodes yet get a machine each, after the choice was shown and, on a terminal, agreed to. */
async function assignUnknown(
  session: Session,
  instance: string,
  names: string[],
  { role, deploy }: SetupOptions,
): Promise<void> {
  const unknown = await unknownNames(session, instance, names)
  if (unknown.length === 0) return
  const { assignments } = await assign(session, instance, { nodes: unknown, role }, true)
  if (!session.structured)
    writeLines(session, renderTable(assignmentColumns, assignments, session.paint, session.width))
  warnOf(session, assignments)
  const machines = unknown.length === 1 ? 'this machine' : 'these machines'
  const loss = deploy ? ' Everything on the disks named above is lost.' : ''
  // Enter alone erases nothing.
  await confirm(session, `Set up ${unknown.join(', ')} on ${machines}?${loss}`, !deploy)
  await assign(session, instance, { nodes: unknown, role }, false)
}

/** Each thing to know about the choice, once. */
function warnOf(session: Session, assignments: Assignment[]): void {
  const warnings = assignments.flatMap(({ warning }) => warning ?? [])
  for (const warning of new Set(warnings)) session.messages.warning(warning)
}

async function unknownNames(session: Session, instance: string, names: string[]): Promise<string[]> {
  const { nodes } = await session.api.get<{ nodes: ClusterNode[] }>(route`/instances/${instance}/nodes`)
  return names.filter((name) => !nodes.some((node) => node.name === name))
}

async function assign(
  session: Session,
  instance: string,
  request: AssignRequest,
  plan: boolean,
): Promise<{ assignments: Assignment[] }> {
  const query = plan ? { plan: 'true' } : {}
  const path = route`/instances/${instance}/nodes/assign`
  return (await session.api.send<Answer<{ assignments: Assignment[] }>>('POST', path, request, query)).data
}

/** Starts every node at once: one that is refused does not keep the others from going on. */
async function startAll(session: Session, instance: string, names: string[], options: SetupOptions) {
  const start = (name: string) => {
    const { path, body } = setupRequest(instance, name, options)
    return session.api.send<Started>('POST', path, body)
  }
  const answers = await Promise.allSettled(names.map(start))
  const started = answers.flatMap((answer, i) =>
    answer.status === 'fulfilled' ? [{ name: names[i]!, answer: answer.value }] : [],
  )
  return { started, failures: answers.filter((answer) => answer.status === 'rejected') }
}

function setupRequest(instance: string, name: string, options: SetupOptions): OperationRequest {
  const force = Boolean(options.forceReconfigure || options.reconfigure || options.detect)
  const path = route`/instances/${instance}/nodes/${name}/setup`
  return { path, body: { force_reconfigure: force, deploy: options.deploy, accept_disk: options.acceptDisk } }
}

function readyText(started: StartedNode[], { deploy }: SetupOptions): string {
  const names = started.map(({ name }) => name)
  const last = names.at(-1)!
  const list = names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last} are` : `${last} is`
  return deploy ? `${list} set up.` : `${list} configured; nothing was applied.`
}
