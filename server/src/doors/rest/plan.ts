import { Kind, OperationTypeNode, valueFromASTUntyped } from 'graphql'
import { planFields, type RestRoute } from '../../platform/rest-route.ts'
import { documentOf, rootField } from './shape.ts'

type Variables = Record<string, unknown>

const planOperation = `query ($type: String!, $input: JSON!) { planOperation(type: $type, input: $input) { ${planFields} } }`
const planChange = `query ($name: String!, $input: JSON!) { planChange(name: $name, input: $input) { ${planFields} } }`

/** The document that answers `?plan=true`; undefined for a row that only reads. */
export function planDocumentOf(route: RestRoute): string | undefined {
  if (route.plan) return route.plan
  if (route.planOf) return planOperation
  return changes(route) ? planChange : undefined
}

/** What that document takes, from the variables of the row. */
export function planVariables(route: RestRoute, variables: Variables): Variables {
  if (route.plan) return variables
  if (route.planOf && !route.planFromMutation) return { type: route.planOf, input: variables }
  const field = rootField(documentOf(route.document))
  const given = (field.arguments ?? [])
    .map(({ name, value }) => [name.value, valueFromASTUntyped(value, variables)] as const)
    .filter(([, value]) => value !== undefined)
  const input = Object.fromEntries(given)
  return route.planOf ? { type: route.planOf, input } : { name: field.name.value, input }
}

function changes({ document }: RestRoute): boolean {
  return documentOf(document).definitions.some(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION && definition.operation === OperationTypeNode.MUTATION,
  )
}
