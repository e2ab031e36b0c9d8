import { CommandError, ConnectionError, ServerError, throwAll } from '../errors.ts'
import { bool, type Flags, known, list, text } from '../flags.ts'
import { readManifests, type Source } from '../manifests.ts'
import { pathOf, shownName } from '../mapper.ts'
import { printObject, printsObjects } from '../print/objects.ts'
import type { Session } from '../session.ts'
import { noMapping } from './get.ts'

export const applyFlags: Flags = {
  'dry-run': text(undefined, 'unchanged'),
  'field-manager': text(),
  filename: list('f'),
  'force-conflicts': bool(),
  kustomize: text('k'),
  output: text('o'),
  recursive: bool('R'),
  'server-side': bool(),
  'show-managed-fields': bool(),
  validate: text(undefined, 'strict'),
  ...known(
    'all! allow-missing-template-keys! cascade force! grace-period openapi-patch! overwrite! prune! prune-allowlist selector subresource template timeout wait!',
  ),
}

const advice = `
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`

function dryRun({ flags }: Session): 'none' | 'server' {
  const value = flags.text('dry-run') ?? 'none'
  if (value === 'client')
    throw new CommandError("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)")
  if (value !== 'none' && value !== 'server')
    throw new CommandError(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`)
  return value
}

// biome-ignore lint/suspicious/noExplicitAny: answers are JSON of any shape
type Json = any

async function applyOne(session: Session, { object, from }: Source): Promise<{ shown: string; stored: Json }> {
  const { flags } = session
  const { apiVersion, kind, metadata = {} } = object
  const mapping = (await session.mapper()).byKind(apiVersion, kind)
  if (mapping === undefined) throw noMapping(object, from)
  if (!metadata.name)
    throw new CommandError(
      `error when retrieving current configuration of:\nResource: "${apiVersion}, Resource=${mapping.plural}", GroupVersionKind: "${apiVersion}, Kind=${kind}"\nName: "", Namespace: "${metadata.namespace ?? ''}"\nfrom server for: "${from}": resource name may not be empty`,
    )
  const given = flags.text('namespace')
  if (mapping.namespaced && given !== undefined && metadata.namespace !== undefined && metadata.namespace !== given)
    throw new CommandError(
      `the namespace from the provided object "${metadata.namespace}" does not match the namespace "${given}". You must pass '--namespace=${metadata.namespace}' to perform this operation.`,
    )
  const namespace = mapping.namespaced ? (metadata.namespace ?? (await session.namespace())) : undefined
  const body = namespace === undefined ? object : { ...object, metadata: { ...metadata, namespace } }
  const query = {
    fieldManager: flags.text('field-manager') ?? 'kubectl',
    force: String(flags.is('force-conflicts')),
    fieldValidation: 'Strict',
    dryRun: dryRun(session) === 'server' ? 'All' : undefined,
  }
  const client = await session.client()
  try {
    const stored = await client.json({
      method: 'PATCH',
      path: pathOf(mapping, namespace, metadata.name),
      query,
      contentType: 'application/apply-patch+yaml',
      body: JSON.stringify(body),
    })
    return { shown: shownName(mapping, metadata.name), stored }
  } catch (error) {
    if (error instanceof ServerError && error.status.reason === 'Conflict')
      throw new CommandError(`${error.message}${advice}`)
    throw error
  }
}

/** `apply --server-side -f|-k`: every document by itself; those that fail do not keep the others from being applied. */
export async function apply(session: Session): Promise<void> {
  const { flags } = session
  if (flags.args.length > 0)
    throw new CommandError(`Unexpected args: [${flags.args.join(' ')}]\nSee 'kubectl apply -h' for help and examples`)
  if (!flags.is('server-side')) {
    if (flags.is('force-conflicts')) throw new CommandError('--force-conflicts only works with --server-side')
    throw new CommandError("the lab's kubectl applies with --server-side only")
  }
  const mode = dryRun(session)
  const sources = await readManifests(flags.list('filename'), flags.text('kustomize'), flags.is('recursive'))
  if (sources.length === 0) throw new CommandError('no objects passed to apply')
  const format = flags.text('output')
  const errors: Error[] = []
  const stored: Json[] = []
  for (const source of sources) {
    try {
      const done = await applyOne(session, source)
      stored.push(done.stored)
      if (!printsObjects(format))
        session.out(`${done.shown} serverside-applied${mode === 'server' ? ' (server dry run)' : ''}\n`)
    } catch (error) {
      if (error instanceof ConnectionError) throw error
      errors.push(error as Error)
    }
  }
  if (printsObjects(format) && stored.length > 0) {
    session.out(
      printObject(
        format!,
        stored.length === 1
          ? stored[0]
          : { apiVersion: 'v1', items: stored, kind: 'List', metadata: { resourceVersion: '' } },
      ),
    )
  }
  throwAll(errors)
}
