import { CommandError, ServerError, throwAll } from '../errors.ts'
import { bool, type Flags, known, list, text } from '../flags.ts'
import { readManifests, readStdin } from '../manifests.ts'
import { pathOf, shownName } from '../mapper.ts'
import { printObject, printsObjects } from '../print/objects.ts'
import type { Session } from '../session.ts'
import { noMapping } from './get.ts'

export const createFlags: Flags = {
  'dry-run': text(undefined, 'unchanged'),
  'field-manager': text(),
  filename: list('f'),
  kustomize: text('k'),
  output: text('o'),
  raw: text(),
  recursive: bool('R'),
  validate: text(undefined, 'strict'),
  ...known(
    'allow-missing-template-keys! edit! save-config! selector show-managed-fields! template windows-line-endings!',
  ),
}

async function createRaw(session: Session, path: string): Promise<void> {
  const { flags } = session
  const [file, ...more] = flags.list('filename')
  if (file === undefined || more.length > 0) throw new CommandError('--raw can only use a single local file or stdin')
  if (flags.text('output') !== undefined) throw new CommandError('--raw and --output are mutually exclusive')
  const body = file === '-' ? readStdin() : (await import('node:fs')).readFileSync(file, 'utf8')
  session.out(await (await session.client()).text({ method: 'POST', path, body, accept: '*/*' }))
}

/** `create -f`, and `create --raw PATH -f -`, which posts what it is given as it is. */
export async function create(session: Session): Promise<void> {
  const { flags } = session
  const raw = flags.text('raw')
  if (raw !== undefined) return createRaw(session, raw)
  if (flags.args.length > 0)
    throw new CommandError(
      `the lab's API server reads JSON only, and "kubectl create ${flags.args[0]}" sends protobuf: give "create -f" a manifest`,
    )
  const dryRun = (flags.text('dry-run') ?? 'none') === 'server'
  const format = flags.text('output')
  const mapper = await session.mapper()
  const client = await session.client()
  const errors: Error[] = []
  for (const { object, from } of await readManifests(
    flags.list('filename'),
    flags.text('kustomize'),
    flags.is('recursive'),
  )) {
    const mapping = mapper.byKind(object.apiVersion, object.kind)
    try {
      if (mapping === undefined) throw noMapping(object, from)
      const namespace = mapping.namespaced ? (object.metadata?.namespace ?? (await session.namespace())) : undefined
      const query = {
        fieldManager: flags.text('field-manager') ?? 'kubectl-create',
        fieldValidation: 'Strict',
        dryRun: dryRun ? 'All' : undefined,
      }
      const made = await client.json({
        method: 'POST',
        path: pathOf(mapping, namespace),
        query,
        body: JSON.stringify(object),
      })
      session.out(
        printsObjects(format)
          ? printObject(format!, made)
          : `${shownName(mapping, made.metadata.name)} created${dryRun ? ' (server dry run)' : ''}\n`,
      )
    } catch (error) {
      if (error instanceof ServerError && error.status.reason !== 'Invalid')
        errors.push(new ServerError({ ...error.status, message: `error when creating "${from}": ${error.message}` }))
      else errors.push(error as Error)
    }
  }
  throwAll(errors)
}
