import type { TadaDocumentNode } from 'gql.tada'
import { createEffect, createSignal, on, onCleanup } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { client, connection } from './client.ts'
import { type Failure, failureOf } from './failure.ts'
import { type News, onNews } from './news.ts'
import { createPace } from './pace.ts'

/** What a page reads: `data` stays while it is refreshed, so nothing flickers. */
export interface LiveQuery<Data> {
  readonly data: Data | undefined
  readonly failure: Failure | undefined
  readonly loading: boolean
  refresh(): void
}

/** True for news about this instance. */
export function about(instance: () => string): (news: News) => boolean {
  return (news) => news.instance === instance()
}

/**
 * A query that is asked again when its variables change, when something it shows has changed (`matters`), and when the
 * connection comes back. While an operation runs news are many: it is asked the less often the longer an answer takes, and
 * never twice at the same time. Only the newest answer is shown. With `keep` the last answer stays while variables change,
 * as they do when somebody types, until the next one is there; a refusal leaves it, too.
 */
export function createLiveQuery<Data, Variables extends Record<string, unknown>>(
  document: TadaDocumentNode<Data, Variables>,
  variables: () => Variables,
  matters: (news: News) => boolean = () => true,
  { keep = false } = {},
): LiveQuery<Data> {
  const [state, setState] = createStore<{ data?: Data }>({})
  const [failure, setFailure] = createSignal<Failure>()
  const [loading, setLoading] = createSignal(true)
  let asked = 0

  async function ask(): Promise<void> {
    const mine = ++asked
    const result = await client.query(document, variables() as never).toPromise()
    if (mine !== asked) return
    setLoading(false)
    setFailure(result.error ? failureOf(result.error) : undefined)
    // Each store gets its own copy: reconcile writes into what it is given.
    if (result.data) setState('data', reconcile(structuredClone(result.data)) as never)
  }

  const pace = createPace(ask)
  createEffect(
    on(
      () => JSON.stringify(variables()),
      (_now, before) => {
        setLoading(true)
        if (keep && before !== undefined) return pace.soon()
        // Another instance, another app: what is shown is not about it.
        if (before !== undefined) setState('data', undefined as never)
        pace.now()
      },
    ),
  )
  createEffect(on(connection, (now, before) => before === 'lost' && now === 'live' && pace.soon(), { defer: true }))
  onCleanup(onNews((news) => matters(news) && pace.soon()))
  onCleanup(pace.stop)

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
    refresh: pace.now,
  }
}
