import { A, useSearchParams } from '@solidjs/router'
import { createEffect, createMemo, For, Show } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { operationsText } from '../strings/operations.ts'
import { createClock } from '../ui/clock.ts'
import { createKept } from '../ui/kept.ts'
import { Empty, Loaded, PageHeader, Status } from '../ui/parts.tsx'
import { createRows } from '../ui/rows.ts'
import { ago, duration } from '../ui/time.ts'
import { createOperationList, type Row, statuses } from './operations/list.ts'

const ChoicesQuery = graphql('query OperationChoices { instances { name } operationTypes }')
const rowPx = 64
/** Older ones are fetched when this many rows or fewer are left below. */
const aheadRows = 60

export default function OperationsPage() {
  const [search, setSearch] = useSearchParams<{ status?: string; instance?: string; type?: string }>()
  const status = () => statuses.find((known) => known === search.status) ?? null
  const filter = () => ({ status: status(), instance: search.instance || null, type: search.type || null })
  const filtered = () => Object.values(filter()).some(Boolean)
  const choices = createLiveQuery(
    ChoicesQuery,
    () => ({}),
    ({ kind }) => kind === 'instance',
  )
  let at = { rows: 0, top: 0 }
  const kept = createKept('operations', (): Spot => ({ of: JSON.stringify(filter()), ...at }))
  const before = () => {
    const spot = kept.before()
    return spot?.of === JSON.stringify(filter()) ? spot : undefined
  }
  const list = createOperationList(filter, () => before()?.rows ?? 0)
  const choose = (name: 'status' | 'instance' | 'type', value: string) => setSearch({ [name]: value || undefined })

  return (
    <>
      <PageHeader title={operationsText.title} about={operationsText.about}>
        <div class="max-sm:w-full grid grid-cols-2 gap-2 sm:flex sm:flex-wrap">
          <Choice
            name={operationsText.instance}
            any={operationsText.everyInstance}
            value={search.instance}
            options={choices.data?.instances.map(({ name }) => name) ?? []}
            onChoose={(value) => choose('instance', value)}
          />
          <Choice
            name={operationsText.type}
            any={operationsText.everyType}
            value={search.type}
            options={choices.data?.operationTypes ?? []}
            onChoose={(value) => choose('type', value)}
          />
          <Choice
            name={operationsText.status}
            any={operationsText.everyStatus}
            value={status() ?? undefined}
            options={[...statuses]}
            onChoose={(value) => choose('status', value)}
          />
        </div>
      </PageHeader>
      <Loaded query={list}>
        {() => (
          <Show
            when={list.data?.length}
            fallback={
              <Empty title={filtered() ? operationsText.noneLikeThat : operationsText.none} icon="operations">
                {operationsText.noneAbout}
              </Empty>
            }
          >
            <List
              rows={list.data!}
              complete={list.complete()}
              more={list.more}
              before={before()}
              moved={(now) => {
                at = now
                kept.soon()
              }}
            />
          </Show>
        )}
      </Loaded>
    </>
  )
}

/** Where a reader is in the list: of which choice, with how many rows, how far down. */
interface Spot {
  of: string
  rows: number
  top: number
}

/** Any number of operations; only those in view are drawn. Who comes back to it is where they were. */
function List(props: {
  rows: Row[]
  complete: boolean
  more(): void
  before: Spot | undefined
  moved(now: Pick<Spot, 'rows' | 'top'>): void
}) {
  const now = createClock()
  const rows = createRows(rowPx, () => props.rows.length)
  const drawn = createMemo(() => props.rows.slice(...rows.range()))
  let box: HTMLDivElement | undefined
  let awaited = props.before
  props.moved(awaited ?? { rows: props.rows.length, top: 0 })
  createEffect(() => {
    const short = awaited !== undefined && props.rows.length < awaited.rows
    if (!props.complete && (short || rows.range()[1] >= props.rows.length - aheadRows)) props.more()
    if (!awaited || (short && !props.complete)) return
    box?.scrollTo(0, awaited.top)
    awaited = undefined
  })
  function onScroll(): void {
    rows.look()
    props.moved({ rows: props.rows.length, top: box?.scrollTop ?? 0 })
  }
  return (
    <div class="card overflow-hidden">
      <div
        ref={(element) => {
          box = element
          rows.attach(element)
        }}
        onScroll={onScroll}
        class="max-h-[max(20rem,calc(100dvh-15rem))] max-lg:max-h-[max(20rem,calc(100dvh-20rem))] overflow-y-auto"
        data-rows={props.rows.length}
      >
        <div style={{ height: `${rows.totalPx()}px` }}>
          <ul
            class="grid"
            aria-label={operationsText.list}
            style={{ transform: `translateY(${rows.range()[0] * rowPx}px)` }}
          >
            <For each={drawn()}>{(row) => <Line row={row} now={now()} />}</For>
          </ul>
        </div>
      </div>
      <p class="border-t border-line px-4 py-2 text-small text-quiet" role="status">
        {operationsText.shown(props.rows.length, props.complete)}
      </p>
    </div>
  )
}

function Line(props: { row: Row; now: number }) {
  const told = () =>
    props.row.status === 'completed' ? operationsText.askedBy(props.row.via) : props.row.message || props.row.type
  return (
    <li class="border-b border-line" style={{ height: `${rowPx}px` }}>
      <A
        href={`/operations/${props.row.operationId}`}
        class="h-full grid gap-x-4 grid-cols-[minmax(0,1fr)_auto] sm:grid-cols-[minmax(0,1fr)_auto_7rem] items-center px-4 hover:bg-raised focus-visible:-outline-offset-2"
      >
        <span class="min-w-0">
          <span class="block truncate">{props.row.title}</span>
          <span class="text-quiet text-sm block truncate">
            <span class="max-sm:hidden">{told()}</span>
            <span class="sm:hidden">{times(props.row, props.now)}</span>
          </span>
        </span>
        <span class="text-sm text-quiet tabular-nums max-sm:hidden">{times(props.row, props.now)}</span>
        <span class="justify-self-start">
          <Status value={props.row.status} busy />
        </span>
      </A>
    </li>
  )
}

function times({ createdAt, startedAt, completedAt }: Row, now: number): string {
  return [ago(createdAt, now), duration(startedAt, completedAt, now)].filter(Boolean).join(' · ')
}

/** One choice among the values of a field, or any. A value of the address that is not known is offered too. */
function Choice(props: {
  name: string
  any: string
  value: string | undefined
  options: readonly string[]
  onChoose(value: string): void
}) {
  const options = () =>
    props.value && !props.options.includes(props.value) ? [props.value, ...props.options] : props.options
  return (
    <select
      class="field sm:!w-auto max-w-full max-sm:last:col-span-2"
      aria-label={props.name}
      onChange={(event) => props.onChoose(event.currentTarget.value)}
    >
      <option value="">{props.any}</option>
      <For each={options()}>
        {(option) => (
          <option value={option} selected={option === props.value}>
            {option}
          </option>
        )}
      </For>
    </select>
  )
}
