import { lazy, Match, Suspense, Switch } from 'solid-js'
import type { Failure } from '../../graphql/failure.ts'
import { FailureNotice, PageHeader, Skeleton } from '../../ui/parts.tsx'
import { WorkloadDrift } from './drift.tsx'
import { WorkloadEvents } from './events.tsx'
import type { Of } from './of.ts'

/** Comes in when it is looked at: a list of many lines weighs something. */
const WorkloadLog = lazy(() => import('./log.tsx'))

/** The views that apps and services share; nothing for another one. Each asks for what it shows by itself. */
export function WorkloadViews(props: Of & { view: string }) {
  const of = { instance: props.instance, kind: props.kind, name: props.name }
  return (
    <Switch>
      <Match when={props.view === 'log'}>
        <Suspense fallback={<Skeleton />}>
          <WorkloadLog {...of} />
        </Suspense>
      </Match>
      <Match when={props.view === 'events'}>
        <WorkloadEvents {...of} />
      </Match>
      <Match when={props.view === 'drift'}>
        <WorkloadDrift {...of} />
      </Match>
    </Switch>
  )
}

/** Instead of the page of an app or service that cannot be shown: why, and the way to all of them. */
export function NotThere(props: { name: string; failure: Failure; all: string; back: string }) {
  return (
    <>
      <PageHeader title={props.name} />
      <FailureNotice failure={props.failure} elsewhere={{ href: props.all, text: props.back }} />
    </>
  )
}
