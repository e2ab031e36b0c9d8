import { stringifyDocument } from '@urql/core'
import type { TadaDocumentNode } from 'gql.tada'
import { createEffect, createSignal, on, onCleanup } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { socket } from './client.ts'
import { type Failure, failureOf } from './failure.ts'
import type { LiveQuery } from './live-query.ts'

/**
 * A subscription as a page reads it: the newest value, kept while a lost connection comes back. Other variables begin a
 * new one.
 */
export function createLiveFeed<Data, Variables extends Record<string, unknown>>(
  document: TadaDocumentNode<Data, Variables>,
  variables: () => Variables,
): Omit<LiveQuery<Data>, 'refresh'> {
  const [state, setState] = createStore<{ data?: Data }>({})
  const [failure, setFailure] = createSignal<Failure>()
  let stop = () => {}

  createEffect(
    on(
      () => JSON.stringify(variables()),
      () => {
        stop()
        setState('data', undefined as never)
        setFailure(undefined)
        stop = socket.subscribe<Data>(
          { query: stringifyDocument(document), variables: variables() },
          {
            next({ data, errors }) {
              setFailure(errors ? failureOf(errors) : undefined)
              if (data) setState('data', reconcile(structuredClone(data)) as never)
            },
            error: (error) => setFailure(failureOf(error)),
            complete: () => undefined,
          },
        )
      },
    ),
  )
  onCleanup(() => stop())

  return {
    get data() {
      return state.data
    },
    get failure() {
      return failure()
    },
    get loading() {
      return state.data === undefined && failure() === undefined
    },
  }
}
