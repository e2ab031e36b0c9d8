import { apiVersionOf, type Resource } from '../resources.ts'
import type { Registry } from './registry.ts'
import { noSuchResource } from './status.ts'

const rootOf = (resource: Resource): string =>
  resource.group === '' ? `api/${resource.version}` : `apis/${resource.group}/${resource.version}`

/** Parameters of changes that kubectl looks for before it leaves the checking of fields to the server. */
const changeParameters = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => ({
  name,
  in: 'query',
  schema: { type: 'string', uniqueItems: true },
}))

/** `/openapi/v3`: where the document of each group and version is. */
export function openApiRoot(registry: Registry): { paths: Record<string, { serverRelativeURL: string }> } {
  const roots = new Set(registry.all().map(rootOf))
  return { paths: Object.fromEntries([...roots].map((root) => [root, { serverRelativeURL: `/openapi/v3/${root}` }])) }
}

/** The document of one group and version: its paths and what changes there take, no schemas. Throws NotFound. */
export function openApiDocument(registry: Registry, root: string): unknown {
  const resources = registry.all().filter((resource) => rootOf(resource) === root)
  if (resources.length === 0) throw noSuchResource()
  const paths = resources.map((resource) => {
    const { group, version, kind, plural, namespaced } = resource
    const place = `/${root}/${namespaced ? 'namespaces/{namespace}/' : ''}${plural}`
    const operation = (action: string) => ({
      operationId: `${action}${kind}`,
      parameters: changeParameters,
      responses: { 200: { description: 'OK' } },
      'x-kubernetes-action': action,
      'x-kubernetes-group-version-kind': { group, version, kind },
    })
    return [`${place}/{name}`, { patch: operation('patch'), put: operation('put') }] as const
  })
  const [first] = resources
  return {
    openapi: '3.0.0',
    info: { title: apiVersionOf(first!), version: first!.version },
    paths: Object.fromEntries(paths),
    components: { schemas: {} },
  }
}
