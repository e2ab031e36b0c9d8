import type { TadaDocumentNode } from 'gql.tada'
import { showFailure } from '../ui/toasts.tsx'
import { client } from './client.ts'
import { failureOf } from './failure.ts'

/** Runs a mutation. A refusal is shown to the person and answered as undefined. */
export async function act<Data, Variables extends Record<string, unknown>>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data | undefined> {
  const result = await client.mutation(document, variables as never).toPromise()
  if (result.error) {
    showFailure(failureOf(result.error))
    return undefined
  }
  return result.data
}
