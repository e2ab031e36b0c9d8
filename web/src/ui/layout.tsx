import { A, type RouteSectionProps, useLocation, useNavigate } from '@solidjs/router'
import { ErrorBoundary, For, Show, Suspense } from 'solid-js'
import { connection } from '../graphql/client.ts'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { FailureNotice, Skeleton } from './parts.tsx'
import { Toasts } from './toasts.tsx'

const InstancesQuery = graphql('query LayoutInstances { instances { name } context { current } }')

const sections = [
  ['', 'Overview'],
  ['/nodes', 'Nodes'],
  ['/cluster', 'Cluster'],
  ['/services', 'Services'],
  ['/apps', 'Apps'],
  ['/config', 'Config'],
] as const

/** The frame of every page: which instance, where to go, and the connection when it is lost. */
export function Layout(props: RouteSectionProps) {
  const location = useLocation()
  const navigate = useNavigate()
  const query = createLiveQuery(InstancesQuery, () => ({}))
  const instance = () =>
    /^\/instances\/([^/]+)/.exec(location.pathname)?.[1] ?? query.data?.context.current ?? undefined
  const names = () => query.data?.instances.map(({ name }) => name) ?? []

  return (
    <div class="min-h-dvh flex flex-col">
      <a href="#content" class="sr-only focus:not-sr-only focus:absolute focus:m-2 focus:p-2 focus:bg-card">
        Skip to content
      </a>
      <header class="border-b border-line bg-card sticky top-0 z-40">
        <div class="max-w-6xl mx-auto px-4 flex flex-wrap items-center gap-x-5 gap-y-1 py-2">
          <A href="/" class="flex items-center gap-2 font-semibold" end activeClass="" inactiveClass="">
            <img src="/icon.svg" alt="" class="size-7" />
            Wild Central
          </A>
          <Show when={names().length > 0}>
            <select
              class="field !w-auto !py-1 text-sm"
              aria-label="Instance"
              value={instance() ?? ''}
              onChange={(event) => navigate(`/instances/${event.currentTarget.value}`)}
            >
              <For each={names()}>{(name) => <option value={name}>{name}</option>}</For>
            </select>
          </Show>
          <nav class="flex gap-1 overflow-x-auto text-sm -mx-1 grow" aria-label="Main">
            <Show when={instance()}>
              {(name) => (
                <For each={sections}>
                  {([path, title]) => <Tab href={`/instances/${name()}${path}`} title={title} end={path === ''} />}
                </For>
              )}
            </Show>
            <Tab href="/operations" title="Operations" />
            <Tab href="/system" title="System" />
          </nav>
        </div>
        <Show when={connection() === 'lost'}>
          <p class="bg-warn text-page text-sm text-center py-1" role="status">
            The daemon does not answer. This page goes on by itself when it is back.
          </p>
        </Show>
      </header>
      <main id="content" class="max-w-6xl w-full mx-auto px-4 py-6 grow">
        <ErrorBoundary
          fallback={(error) => (
            <FailureNotice
              failure={{
                code: 'PAGE',
                message: `This page broke: ${String(error?.message ?? error)}`,
                hint: 'Reload it.',
                details: {},
              }}
            />
          )}
        >
          <Suspense fallback={<Skeleton />}>{props.children}</Suspense>
        </ErrorBoundary>
      </main>
      <Toasts />
    </div>
  )
}

function Tab(props: { href: string; title: string; end?: boolean }) {
  return (
    <A
      href={props.href}
      end={props.end}
      class="px-2.5 py-1.5 rounded-lg hover:bg-raised whitespace-nowrap"
      activeClass="bg-raised font-medium"
      inactiveClass="text-quiet"
    >
      {props.title}
    </A>
  )
}
