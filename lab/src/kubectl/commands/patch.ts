import { CommandError } from '../errors.ts'
import { bool, type Flags, known, text } from '../flags.ts'
import { pathOf, shownName } from '../mapper.ts'
import type { Session } from '../session.ts'
import { readTargets } from '../targets.ts'

export const patchFlags: Flags = {
  patch: text('p'),
  type: text(),
  output: text('o'),
  'field-manager': text(),
  'dry-run': text(undefined, 'unchanged'),
  local: bool(),
  ...known(
    'allow-missing-template-keys! filename kustomize patch-file record! recursive! show-managed-fields! subresource template',
  ),
}

const types: Record<string, string> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
}

/** `patch`: changes fields of one object. */
export async function patch(session: Session): Promise<void> {
  const { flags } = session
  const body = flags.text('patch')
  if (body === undefined)
    throw new CommandError('must specify --patch or --patch-file containing the contents of the patch')
  const type = flags.text('type') ?? 'strategic'
  const contentType = types[type]
  if (contentType === undefined) throw new CommandError(`--type must be one of [json merge strategic], not "${type}"`)
  const dry = flags.text('dry-run')
  const client = await session.client()
  for (const { mapping, name } of await readTargets(session, flags.args)) {
    if (name === undefined)
      throw new CommandError('one or more resources must be specified as <resource> <name> or <resource>/<name>')
    const path = pathOf(mapping, await session.namespace(), name)
    const before = await client.json({ path })
    const query = {
      fieldManager: flags.text('field-manager') ?? 'kubectl-patch',
      dryRun: dry === 'server' ? 'All' : undefined,
    }
    const after = await client.json({ method: 'PATCH', path, query, contentType, body })
    const changed = before.metadata.resourceVersion !== after.metadata.resourceVersion
    session.out(`${shownName(mapping, name)} patched${changed || dry ? '' : ' (no change)'}\n`)
  }
}
