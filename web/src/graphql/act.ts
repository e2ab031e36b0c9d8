import type { TadaDocumentNode } from 'gql.tada'
import { showFailure } from '../ui/toasts.tsx'
import { client } from './client.ts'
import { type Failure, failureOf } from './failure.ts'

/** Runs a mutation. A refusal is answered as undefined, and shown to the person, or given to `refused`. */
export async function act<Data, Variables extends Record<string, unknown>>(
  document: TadaDocumentNode<Data, Variables>,
  variables: Variables,
  refused: (failure: Failure) => void = showFailure,
): Promise<Data | undefined> {
  const result = await client.mutation(document, variables as never).toPromise()
  if (result.error) {
    refused(failureOf(result.error))
    return undefined
  }
  return result.data
}
