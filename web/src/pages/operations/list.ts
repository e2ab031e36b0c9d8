import type { ResultOf } from 'gql.tada'
import { createEffect, createSignal, on, onCleanup } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { client, connection } from '../../graphql/client.ts'
import { type Failure, failureOf } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { onNews } from '../../graphql/news.ts'
import { createPace } from '../../graphql/pace.ts'
import { mergeNewest } from './merge.ts'

const PageQuery = graphql(`
  query Operations($instance: String, $status: OperationStatus, $type: String, $before: String, $limit: Int!) {
    operations(instance: $instance, status: $status, type: $type, before: $before, limit: $limit) {
      operationId title type instance status progress message createdAt startedAt completedAt via
    }
  }
`)
const OneQuery = graphql(`
  query OperationRow($id: String!) {
    operation(id: $id) {
      operationId title type instance status progress message createdAt startedAt completedAt via
    }
  }
`)

export const statuses = ['pending', 'running', 'completed', 'failed', 'cancelled'] as const

export interface Filter {
  instance: string | null
  type: string | null
  status: (typeof statuses)[number] | null
}
export type Row = ResultOf<typeof PageQuery>['operations'][number]

/** Rows asked for when the page opens and when something changed; and each time older ones are wanted. */
const newestRows = 100
const olderRows = 250

/** The most rows the daemon gives at once. */
const mostRows = 500

/**
 * Operations that match, newest first, live; older ones come when `more` is called. `atFirst`: how many rows the reader had
 * when they were here last.
 */
export function createOperationList(filter: () => Filter, atFirst: () => number) {
  const [state, setState] = createStore<{ rows?: Row[] }>({})
  const [failure, setFailure] = createSignal<Failure>()
  const [complete, setComplete] = createSignal(false)
  // Answers about another filter are thrown away.
  let era = 0
  let wanted = newestRows
  let fetching = false
  const stale = new Set<string>()

  const put = (rows: Row[]) => setState('rows', reconcile(structuredClone(rows), { key: 'operationId' }))
  const plain = (): Row[] => (state.rows ? [...state.rows].map((row) => ({ ...row })) : [])

  async function page(limit: number, before: string | null): Promise<Row[] | undefined> {
    const mine = era
    const { data, error } = await client.query(PageQuery, { ...filter(), limit, before }).toPromise()
    if (mine !== era) return undefined
    setFailure(error ? failureOf(error) : undefined)
    return data?.operations
  }

  async function refresh(): Promise<void> {
    const asked = wanted
    const newest = await page(asked, null)
    if (!newest) return
    wanted = newestRows
    const whole = newest.length < asked
    const rows = mergeNewest(plain(), newest, whole)
    if (whole) setComplete(true)
    else if (rows.length === newest.length) setComplete(false)
    put(rows)
    const older = [...stale].filter((id) => !newest.some(({ operationId }) => operationId === id))
    stale.clear()
    for (const id of older) await lookAgain(id)
  }

  /** A row below the newest ones that has changed: asked for by itself; it goes when it does not match any more. */
  async function lookAgain(id: string): Promise<void> {
    const mine = era
    const { data } = await client.query(OneQuery, { id }).toPromise()
    const at = state.rows?.findIndex(({ operationId }) => operationId === id) ?? -1
    if (mine !== era || !data?.operation || at < 0) return
    const { status } = filter()
    if (status && data.operation.status !== status) put(plain().filter(({ operationId }) => operationId !== id))
    else setState('rows', at, reconcile(structuredClone(data.operation)))
  }

  async function more(): Promise<void> {
    const last = state.rows?.at(-1)
    if (fetching || complete() || !last) return
    fetching = true
    const older = await page(olderRows, last.operationId)
    fetching = false
    if (!older) return
    if (older.length < olderRows) setComplete(true)
    const known = plain()
    // A refresh may have begun the list anew meanwhile: then these rows do not follow its last one.
    if (known.at(-1)?.operationId === last.operationId) put([...known, ...older])
  }

  const pace = createPace(refresh)
  createEffect(
    on(
      () => JSON.stringify(filter()),
      () => {
        era++
        wanted = Math.min(mostRows, Math.max(newestRows, atFirst()))
        fetching = false
        stale.clear()
        setComplete(false)
        setState('rows', undefined)
        pace.now()
      },
    ),
  )
  createEffect(on(connection, (now, before) => before === 'lost' && now === 'live' && pace.soon(), { defer: true }))
  onCleanup(
    onNews(({ kind, operation }) => {
      if (kind !== 'operation') return
      if (operation && state.rows?.some(({ operationId }) => operationId === operation.operationId))
        stale.add(operation.operationId)
      pace.soon()
    }),
  )
  onCleanup(pace.stop)

  return {
    get data() {
      return state.rows
    },
    get failure() {
      return failure()
    },
    get loading() {
      return state.rows === undefined
    },
    complete,
    more,
  }
}
