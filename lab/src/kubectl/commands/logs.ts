import { CommandError } from '../errors.ts'
import { bool, duration, type Flags, known, text } from '../flags.ts'
import { type Mapping, pathOf } from '../mapper.ts'
import type { Session } from '../session.ts'
import { readTargets } from '../targets.ts'

export const logsFlags: Flags = {
  'all-containers': bool(),
  container: text('c'),
  follow: bool('f'),
  'ignore-errors': bool(),
  prefix: bool(),
  previous: bool('p'),
  selector: text('l'),
  since: text(),
  tail: text(),
  timestamps: bool(),
  ...known('all-pods! insecure-skip-tls-verify-backend! limit-bytes max-log-requests pod-running-timeout since-time'),
}

// biome-ignore lint/suspicious/noExplicitAny: objects come as JSON of any shape
type Json = any

const pods: Mapping = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  singular: 'pod',
  shortNames: [],
  namespaced: true,
}

const labelsOf = (object: Json): string =>
  Object.entries(object.spec?.selector?.matchLabels ?? object.spec?.selector ?? {})
    .map((pair) => pair.join('='))
    .join(',')

async function findPods(session: Session): Promise<Json[]> {
  const { flags } = session
  const client = await session.client()
  const namespace = await session.namespace()
  const selected = async (labelSelector: string) =>
    (await client.json({ path: pathOf(pods, namespace), query: { labelSelector } })).items as Json[]
  const selector = flags.text('selector')
  if (selector !== undefined) return selected(selector)
  const [name] = flags.args
  if (name === undefined)
    throw new CommandError(
      "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command\nSee 'kubectl logs -h' for help and examples",
    )
  if (!name.includes('/')) return [await client.json({ path: pathOf(pods, namespace, name) })]
  const [target] = await readTargets(session, [name])
  const object = await client.json({ path: pathOf(target!.mapping, namespace, target!.name) })
  if (object.kind === 'Pod') return [object]
  const [first] = await selected(labelsOf(object))
  if (first === undefined) throw new CommandError('timed out waiting for the condition')
  return [first]
}

function containersOf(session: Session, pod: Json): string[] {
  const { flags } = session
  const names = (field: string) => ((pod.spec[field] ?? []) as { name: string }[]).map(({ name }) => name)
  const chosen = flags.text('container') ?? flags.args[1]
  if (chosen !== undefined) return [chosen]
  if (flags.is('all-containers')) return [...names('initContainers'), ...names('containers')]
  const all = [...names('containers'), ...names('initContainers').map((name) => `${name} (init)`)]
  const first = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'] ?? names('containers')[0]
  if (all.length > 1) session.err(`Defaulted container "${first}" out of: ${all.join(', ')}\n`)
  return [first]
}

/** `logs`: what a pod's containers said, newest last. */
export async function logs(session: Session): Promise<void> {
  const { flags } = session
  const client = await session.client()
  const tail = flags.text('tail') ?? (flags.text('selector') === undefined ? '-1' : '10')
  if (!/^-?\d+$/.test(tail))
    throw new CommandError(
      `invalid argument "${tail}" for "--tail" flag: strconv.ParseInt: parsing "${tail}": invalid syntax`,
    )
  const since = flags.text('since')
  const query = {
    tailLines: Number(tail) < 0 ? undefined : tail,
    previous: flags.is('previous') ? 'true' : undefined,
    timestamps: flags.is('timestamps') ? 'true' : undefined,
    sinceSeconds: since === undefined ? undefined : String(Math.ceil(duration(since, 'since') / 1000)),
  }
  const following: Promise<void>[] = []
  for (const pod of await findPods(session)) {
    for (const container of containersOf(session, pod)) {
      const call = {
        path: `${pathOf(pods, pod.metadata.namespace, pod.metadata.name)}/log`,
        query: { ...query, container, follow: flags.is('follow') ? 'true' : undefined },
        accept: '*/*',
      }
      const prefix = flags.is('prefix') ? `[pod/${pod.metadata.name}/${container}] ` : ''
      if (flags.is('follow')) {
        following.push(print(session, prefix, client.lines(call)))
        continue
      }
      const said = await client.text(call)
      session.out(prefix === '' ? said : said.replaceAll(/^(?=.)/gm, prefix))
    }
  }
  await Promise.all(following)
}

async function print(session: Session, prefix: string, lines: AsyncIterable<string>): Promise<void> {
  for await (const line of lines) session.out(`${prefix}${line}\n`)
}
