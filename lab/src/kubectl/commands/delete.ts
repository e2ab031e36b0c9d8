import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError, ConnectionError, ServerError, throwAll } from '../errors.ts'
import { bool, duration, type Flags, known, list, text } from '../flags.ts'
import { readManifests } from '../manifests.ts'
import { type Mapping, pathOf, shownName } from '../mapper.ts'
import type { Session } from '../session.ts'
import { betterNotFound, readTargets } from '../targets.ts'
import { noMapping } from './get.ts'

export const deleteFlags: Flags = {
  all: bool(),
  'all-namespaces': bool('A'),
  cascade: text(undefined, 'background'),
  'dry-run': text(undefined, 'unchanged'),
  'field-selector': text(),
  filename: list('f'),
  force: bool(),
  'grace-period': text(),
  'ignore-not-found': bool(),
  kustomize: text('k'),
  now: bool(),
  output: text('o'),
  recursive: bool('R'),
  selector: text('l'),
  timeout: text(),
  wait: bool(),
  ...known('interactive! raw'),
}

/** How often kubectl looks whether an object is gone. */
const lookEvery = 100

interface Victim {
  mapping: Mapping
  namespace: string | undefined
  name: string
}

const policies: Record<string, string> = { background: 'Background', foreground: 'Foreground', orphan: 'Orphan' }

async function fromManifests(session: Session, files: string[]): Promise<Victim[]> {
  const sources = await readManifests(files, session.flags.text('kustomize'), session.flags.is('recursive'))
  const mapper = await session.mapper()
  const namespace = await session.namespace()
  return sources.map(({ object, from }) => {
    const mapping = mapper.byKind(object.apiVersion, object.kind)
    if (mapping === undefined) throw noMapping(object, from)
    return {
      mapping,
      namespace: mapping.namespaced ? (object.metadata?.namespace ?? namespace) : undefined,
      name: object.metadata?.name,
    }
  })
}

async function victims(session: Session): Promise<Victim[]> {
  const { flags } = session
  const files = flags.list('filename')
  if (files.length > 0 || flags.text('kustomize') !== undefined) return fromManifests(session, files)
  const targets = await readTargets(session, flags.args)
  const found: Victim[] = []
  for (const { mapping, name } of targets) {
    const namespace = mapping.namespaced && !flags.is('all-namespaces') ? await session.namespace() : undefined
    if (name !== undefined) {
      found.push({ mapping, namespace, name })
      continue
    }
    const selector = { labelSelector: flags.text('selector'), fieldSelector: flags.text('field-selector') }
    if (!flags.is('all') && !selector.labelSelector && !selector.fieldSelector)
      throw new CommandError('resource(s) were provided, but no name was specified')
    const answer = await (await session.client()).json({ path: pathOf(mapping, namespace), query: selector })
    for (const { metadata } of answer.items) found.push({ mapping, namespace: metadata.namespace, name: metadata.name })
  }
  return found
}

/** Waits until the object with this uid is not there any more. Throws when the time is over. */
async function untilGone(
  session: Session,
  { mapping, namespace, name }: Victim,
  uid: string | undefined,
  timeout: number,
): Promise<void> {
  const client = await session.client()
  const end = Date.now() + timeout
  for (;;) {
    try {
      const object = await client.json({ path: pathOf(mapping, namespace, name) })
      if (object.metadata.uid !== uid && uid !== undefined) return
    } catch (error) {
      if (error instanceof ServerError && error.notFound) return
      throw error
    }
    if (Date.now() >= end) throw new CommandError(`timed out waiting for the condition on ${mapping.plural}/${name}`)
    await sleep(lookEvery)
  }
}

async function deleteOne(session: Session, victim: Victim): Promise<(() => Promise<void>) | undefined> {
  const { flags } = session
  const { mapping, namespace, name } = victim
  const dryRun = flags.text('dry-run') === 'server'
  const propagationPolicy = policies[flags.text('cascade') ?? 'background']
  if (propagationPolicy === undefined)
    throw new CommandError(
      `invalid cascade value (${flags.text('cascade')}). Must be "background", "foreground", or "orphan".`,
    )
  let uid: string | undefined
  try {
    const body = JSON.stringify({
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      propagationPolicy,
      ...(dryRun && { dryRun: ['All'] }),
    })
    const answer = await (await session.client()).json({
      method: 'DELETE',
      path: pathOf(mapping, namespace, name),
      body,
    })
    uid = answer.details?.uid ?? answer.metadata?.uid
  } catch (error) {
    if (!(error instanceof ServerError) || !error.notFound) throw error
    if (flags.is('ignore-not-found')) return undefined
    throw await betterNotFound(session, mapping, error)
  }
  const shown = shownName(mapping, '').slice(0, -1)
  const from = namespace === undefined ? '' : ` from ${namespace} namespace`
  session.out(
    flags.text('output') === 'name'
      ? `${shown}/${name}\n`
      : `${shown} "${name}" ${flags.is('force') ? 'force deleted' : 'deleted'}${from}${dryRun ? ' (server dry run)' : ''}\n`,
  )
  const patience = duration(flags.text('timeout') ?? '0s', 'timeout', true)
  return dryRun || flags.text('wait') === 'false'
    ? undefined
    : () => untilGone(session, victim, uid, patience === 0 ? 7 * 86_400_000 : patience)
}

/** `delete`: asks for all deletions first, then waits until the objects are gone. */
export async function remove(session: Session): Promise<void> {
  const { flags } = session
  if (flags.args.length === 0 && flags.list('filename').length === 0 && flags.text('kustomize') === undefined)
    throw new CommandError(
      "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'",
    )
  const errors: Error[] = []
  const waits: (() => Promise<void>)[] = []
  const all = await victims(session)
  if (all.length === 0) session.out('No resources found\n')
  for (const victim of all) {
    try {
      const wait = await deleteOne(session, victim)
      if (wait !== undefined) waits.push(wait)
    } catch (error) {
      if (error instanceof ConnectionError) throw error
      errors.push(error as Error)
    }
  }
  for (const wait of waits) await wait()
  throwAll(errors)
}
