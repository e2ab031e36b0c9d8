import { CommandError, type ServerError } from './errors.ts'
import { type Mapping, pathOf } from './mapper.ts'
import type { Session } from './session.ts'

/** What a command is about: a resource type and perhaps one object of it. */
export interface Target {
  mapping: Mapping
  name: string | undefined
}

/** Reads `pods`, `pod x y`, `pods,services`, `pod/x deploy/y`. Throws in kubectl's words. */
export async function readTargets(session: Session, args: readonly string[]): Promise<Target[]> {
  const mapper = await session.mapper()
  if (args.some((arg) => arg.includes('/'))) {
    return args.map((arg) => {
      const [type = '', name = '', ...more] = arg.split('/')
      if (!arg.includes('/'))
        throw new CommandError(
          "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
        )
      if (more.length > 0 || type === '' || name === '')
        throw new CommandError('arguments in resource/name form must have a single resource and name')
      return { mapping: mapper.byName(type), name }
    })
  }
  const [types = '', ...names] = args
  const mappings = types.split(',').map((type) => mapper.byName(type))
  if (names.length === 0) return mappings.map((mapping) => ({ mapping, name: undefined }))
  return mappings.flatMap((mapping) => names.map((name) => ({ mapping, name })))
}

/**
 * A NotFound in a namespace that does not exist is told as that: kubectl asks after the namespace before it reports.
 */
export async function betterNotFound(session: Session, mapping: Mapping, error: ServerError): Promise<unknown> {
  if (!error.notFound || !mapping.namespaced) return error
  try {
    const path = pathOf(
      { group: '', version: 'v1', plural: 'namespaces', namespaced: false } as Mapping,
      undefined,
      await session.namespace(),
    )
    await (await session.client()).text({ path })
    return error
  } catch (other) {
    return (other as ServerError).notFound ? other : error
  }
}
