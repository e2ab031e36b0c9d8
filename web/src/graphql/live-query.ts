import type { TadaDocumentNode } from 'gql.tada'
import { createEffect, createSignal, on, onCleanup } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { client, connection } from './client.ts'
import { type Failure, failureOf } from './failure.ts'
import { onNews } from './news.ts'

/** What a page reads: `data` stays while it is refreshed, so nothing flickers. */
export interface LiveQuery<Data> {
  readonly data: Data | undefined
  readonly failure: Failure | undefined
  readonly loading: boolean
  refresh(): void
}

const settleMs = 150

/**
 * A query that is asked again when its variables change, when something it shows has changed, and when the connection
 * comes back. `instance` limits whose changes count. Only the newest answer is shown.
 */
export function createLiveQuery<Data, Variables extends Record<string, unknown>>(
  document: TadaDocumentNode<Data, Variables>,
  variables: () => Variables,
  instance: () => string | undefined = () => undefined,
): LiveQuery<Data> {
  const [state, setState] = createStore<{ data?: Data }>({})
  const [failure, setFailure] = createSignal<Failure>()
  const [loading, setLoading] = createSignal(true)
  let asked = 0
  let timer: number | undefined

  async function ask(): Promise<void> {
    const mine = ++asked
    const result = await client.query(document, variables() as never).toPromise()
    if (mine !== asked) return
    setLoading(false)
    setFailure(result.error ? failureOf(result.error) : undefined)
    // Each store gets its own copy: reconcile writes into what it is given.
    if (result.data) setState('data', reconcile(structuredClone(result.data)) as never)
  }

  function soon(): void {
    clearTimeout(timer)
    timer = window.setTimeout(ask, settleMs)
  }

  createEffect(
    on(variables, () => {
      setLoading(true)
      void ask()
    }),
  )
  createEffect(on(connection, (now, before) => before === 'lost' && now === 'live' && soon(), { defer: true }))
  onCleanup(onNews((news) => (!instance() || news.instance === instance()) && soon()))
  onCleanup(() => clearTimeout(timer))

  return {
    get data() {
      return state.data
    },
    get failure() {
      return failure()
    },
    get loading() {
      return loading()
    },
    refresh: () => void ask(),
  }
}
