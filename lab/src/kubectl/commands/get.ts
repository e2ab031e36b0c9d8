import { CommandError, ConnectionError, ServerError, throwAll } from '../errors.ts'
import { bool, type Flags, known, list, text } from '../flags.ts'
import { readManifests } from '../manifests.ts'
import { type Mapping, pathOf, shownName } from '../mapper.ts'
import { printJson, printLine, printObject, printsObjects } from '../print/objects.ts'
import { printTable } from '../print/table.ts'
import type { Session } from '../session.ts'
import { betterNotFound, readTargets, type Target } from '../targets.ts'

export const getFlags: Flags = {
  'all-namespaces': bool('A'),
  'chunk-size': text(),
  'field-selector': text(),
  filename: list('f'),
  'ignore-not-found': bool(),
  kustomize: text('k'),
  'no-headers': bool(),
  output: text('o'),
  'output-watch-events': bool(),
  raw: text(),
  recursive: bool('R'),
  selector: text('l'),
  'server-print': bool(),
  'show-kind': bool(),
  'show-labels': bool(),
  'show-managed-fields': bool(),
  watch: bool('w'),
  'watch-only': bool(),
  ...known('allow-missing-template-keys! label-columns sort-by subresource template'),
}

// biome-ignore lint/suspicious/noExplicitAny: objects come as JSON of any shape
type Json = any

const asTable = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json'

/** `get`: objects by type and name, by selector, or those a manifest names. */
export async function get(session: Session): Promise<void> {
  const { flags } = session
  const raw = flags.text('raw')
  if (raw !== undefined) {
    if (flags.args.length > 0) throw new CommandError('arguments may not be passed when --raw is specified')
    session.out(await (await session.client()).text({ path: raw, accept: '*/*' }))
    return
  }
  const format = flags.text('output')
  if (printsObjects(format)) printObject(format!, { kind: 'List', items: [] })
  const files = flags.list('filename')
  if (files.length > 0 || flags.text('kustomize') !== undefined) return getManifests(session, files)
  if (flags.args.length === 0)
    throw new CommandError(
      'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\nerror: Required resource not specified.',
    )
  const targets = await readTargets(session, flags.args)
  if (flags.is('watch') || flags.is('watch-only')) return watch(session, targets)
  return printsObjects(format) ? getObjects(session, targets, format!) : getTables(session, targets)
}

/** Where to look: everywhere with -A, else the namespace. Cluster-scoped types ignore it. */
async function place(session: Session, mapping: Mapping): Promise<string | undefined> {
  return session.flags.is('all-namespaces') || !mapping.namespaced ? undefined : session.namespace()
}

function query({ flags }: Session): Record<string, string | undefined> {
  return { labelSelector: flags.text('selector'), fieldSelector: flags.text('field-selector') }
}

const asList = (items: Json[]): Json => ({ apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } })

async function fetchOne(session: Session, { mapping, name }: Target, accept?: string): Promise<Json | undefined> {
  if (session.flags.is('all-namespaces'))
    throw new CommandError('a resource cannot be retrieved by name across all namespaces')
  try {
    const path = pathOf(mapping, await place(session, mapping), name)
    return await (await session.client()).json({ path, ...(accept && { accept }) })
  } catch (error) {
    if (!(error instanceof ServerError) || !error.notFound) throw error
    if (session.flags.is('ignore-not-found')) return undefined
    throw await betterNotFound(session, mapping, error)
  }
}

async function fetchAll(session: Session, mapping: Mapping, accept?: string): Promise<Json> {
  const path = pathOf(mapping, await place(session, mapping))
  const client = await session.client()
  const limit = session.flags.text('chunk-size') ?? '500'
  const first = await client.json({ path, query: { ...query(session), limit }, ...(accept && { accept }) })
  for (let next = first.metadata?.continue; next; ) {
    const more = await client.json({
      path,
      query: { ...query(session), limit, continue: next },
      ...(accept && { accept }),
    })
    ;(first.items ?? first.rows).push(...(more.items ?? more.rows))
    next = more.metadata?.continue
  }
  return first
}

/** A named object that is missing does not keep the others from being shown. */
async function collect<T>(work: (() => Promise<T>)[]): Promise<{ found: T[]; errors: Error[] }> {
  const found: T[] = []
  const errors: Error[] = []
  for (const one of work) {
    try {
      found.push(await one())
    } catch (error) {
      if (error instanceof ConnectionError) throw error
      errors.push(error as Error)
    }
  }
  return { found, errors }
}

const itemsOf = (answer: Json): Json[] =>
  (answer.items as Json[]).map((item) => ({
    apiVersion: answer.apiVersion,
    kind: answer.kind.replace(/List$/, ''),
    ...item,
  }))

async function getObjects(session: Session, targets: Target[], format: string): Promise<void> {
  const isSingle = targets.length === 1 && targets[0]!.name !== undefined
  const { found, errors } = await collect(
    targets.map((target) => async () => {
      if (target.name === undefined) return itemsOf(await fetchAll(session, target.mapping))
      const object = await fetchOne(session, target)
      return object === undefined ? [] : [object]
    }),
  )
  const objects = found.flat()
  if (isSingle && errors.length > 0) throw errors[0]
  if (isSingle && objects.length === 0) return
  if (objects.length > 0 || !session.flags.is('ignore-not-found'))
    session.out(printObject(format, isSingle ? objects[0] : asList(objects)))
  throwAll(errors)
}

async function getTables(session: Session, targets: Target[]): Promise<void> {
  const { flags } = session
  const mappings = [...new Set(targets.map(({ mapping }) => mapping))]
  const prefixed = mappings.length > 1 || flags.is('show-kind')
  const { found, errors } = await collect(
    targets.map((target) => async () => {
      const table =
        target.name === undefined
          ? await fetchAll(session, target.mapping, asTable)
          : await fetchOne(session, target, asTable)
      return { mapping: target.mapping, table }
    }),
  )
  const shown = mappings.flatMap((mapping) => {
    const tables = found.filter((one) => one.mapping === mapping && one.table !== undefined).map(({ table }) => table)
    const rows = tables.flatMap(({ rows }) => rows)
    return rows.length === 0 ? [] : [{ mapping, table: { ...tables[0], rows } }]
  })
  const parts = shown.map(({ mapping, table }) =>
    printTable(table, {
      headers: !flags.is('no-headers'),
      namespaces: flags.is('all-namespaces') && mapping.namespaced,
      prefix: prefixed ? shownName(mapping, '') : '',
      labels: flags.is('show-labels'),
    }),
  )
  session.out(parts.join('\n'))
  if (shown.length === 0 && errors.length === 0 && !flags.is('ignore-not-found')) {
    const everywhere = flags.is('all-namespaces') || mappings.every(({ namespaced }) => !namespaced)
    session.err(everywhere ? 'No resources found\n' : `No resources found in ${await session.namespace()} namespace.\n`)
  }
  throwAll(errors)
}

async function getManifests(session: Session, files: string[]): Promise<void> {
  const sources = await readManifests(files, session.flags.text('kustomize'), session.flags.is('recursive'))
  const mapper = await session.mapper()
  const namespace = await session.namespace()
  const { found, errors } = await collect(
    sources.map(({ object, from }) => async () => {
      const { apiVersion, kind, metadata = {} } = object
      const mapping = mapper.byKind(apiVersion, kind)
      if (mapping === undefined) throw noMapping(object, from)
      const where = mapping.namespaced ? (metadata.namespace ?? namespace) : undefined
      try {
        return await (await session.client()).json({ path: pathOf(mapping, where, metadata.name) })
      } catch (error) {
        if (error instanceof ServerError && error.notFound && session.flags.is('ignore-not-found')) return undefined
        throw error
      }
    }),
  )
  const objects = found.filter((object) => object !== undefined)
  if (objects.length > 0 || !session.flags.is('ignore-not-found')) {
    const format = session.flags.text('output')
    session.out(
      printObject(
        format === undefined || format === 'wide' ? 'name' : format,
        files.length === 1 && files[0] !== '-' && objects.length === 1 && sources.length === 1
          ? objects[0]
          : asList(objects),
      ),
    )
  }
  throwAll(errors)
}

/** What kubectl says of a kind the server does not have. */
export function noMapping({ apiVersion, kind, metadata = {} }: Json, from: string): CommandError {
  return new CommandError(
    `resource mapping not found for name: "${metadata.name ?? ''}" namespace: "${metadata.namespace ?? ''}" from "${from}": no matches for kind "${kind}" in version "${apiVersion}"\nensure CRDs are installed first`,
  )
}

async function watch(session: Session, targets: Target[]): Promise<void> {
  const { flags } = session
  const [target] = targets
  if (targets.length !== 1 || target === undefined)
    throw new CommandError('watch is only supported on individual resources and resource collections')
  const { mapping, name } = target
  const client = await session.client()
  const path = pathOf(mapping, await place(session, mapping))
  const selectors = { ...query(session), ...(name && { fieldSelector: `metadata.name=${name}` }) }
  const format = flags.text('output')
  const show = (type: string, object: Json): void => {
    if (flags.is('output-watch-events')) session.out(printLine({ type, object }))
    else if (type !== 'BOOKMARK')
      session.out(
        printsObjects(format)
          ? format === 'json'
            ? printJson(object)
            : printObject(format!, object)
          : `${shownName(mapping, object.metadata.name)}\n`,
      )
  }
  const present = await client.json({ path, query: { ...selectors, limit: '500' } })
  if (!flags.is('watch-only')) for (const object of itemsOf(present)) show('ADDED', object)
  const { resourceVersion } = present.metadata
  for await (const line of client.lines({
    path,
    query: { ...selectors, watch: 'true', resourceVersion, allowWatchBookmarks: 'true' },
  })) {
    const { type, object } = JSON.parse(line)
    if (type === 'ERROR') throw new ServerError(object)
    if (type !== 'BOOKMARK' || flags.is('output-watch-events')) show(type, object)
  }
}
