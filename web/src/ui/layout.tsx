import { A, type RouteSectionProps, useLocation, useNavigate } from '@solidjs/router'
import { createEffect, ErrorBoundary, For, on, Show, Suspense } from 'solid-js'
import { connection } from '../graphql/client.ts'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { locked } from '../graphql/token.ts'
import { ConfirmDialog } from './confirm.tsx'
import { Login } from './login.tsx'
import { Button, Notice, Skeleton } from './parts.tsx'
import { Toasts } from './toasts.tsx'

const InstancesQuery = graphql('query LayoutInstances { instances { name } context { current } }')

const sections = [
  ['', 'Overview'],
  ['/nodes', 'Nodes'],
  ['/cluster', 'Cluster'],
  ['/services', 'Services'],
  ['/apps', 'Apps'],
  ['/config', 'Config'],
  ['/templates', 'Templates'],
] as const

/** The frame of every page: which instance, where to go, and the connection when it is lost. */
export function Layout(props: RouteSectionProps) {
  const location = useLocation()
  const navigate = useNavigate()
  // Progress of operations changes nothing here.
  const query = createLiveQuery(
    InstancesQuery,
    () => ({}),
    (news) => news.kind === 'instance',
  )
  const names = () => query.data?.instances.map(({ name }) => name) ?? []
  const addressed = () => /^\/instances\/([^/]+)/.exec(location.pathname)?.[1]
  const instance = () => {
    const name = addressed() ?? query.data?.context.current ?? undefined
    // Before the list came, the address is believed.
    return name && (!query.data || names().includes(name)) ? name : undefined
  }
  let sectionsRow: HTMLElement | undefined
  createEffect(
    on([() => location.pathname, instance], () =>
      queueMicrotask(() => {
        const here = sectionsRow?.querySelector<HTMLElement>('.here')
        if (sectionsRow && here)
          sectionsRow.scrollLeft = here.offsetLeft - (sectionsRow.clientWidth - here.offsetWidth) / 2
      }),
    ),
  )

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
              class="field !w-auto max-w-48 truncate !py-1 text-sm"
              aria-label="Instance"
              value={instance() ?? ''}
              onChange={(event) => navigate(`/instances/${event.currentTarget.value}`)}
            >
              <Show when={!instance()}>
                <option value="">Choose…</option>
              </Show>
              <For each={names()}>
                {(name) => (
                  <option value={name} selected={name === instance()}>
                    {name}
                  </option>
                )}
              </For>
            </select>
          </Show>
          <nav
            ref={sectionsRow}
            class="sections relative flex gap-1 overflow-x-auto text-sm grow basis-full lg:basis-0 py-1 -my-1"
            aria-label="Main"
          >
            <Show when={instance()}>
              {(name) => (
                <For each={sections}>
                  {([path, title]) => <Tab href={`/instances/${name()}${path}`} title={title} end={path === ''} />}
                </For>
              )}
            </Show>
            <Tab href="/operations" title="Operations" />
            <Tab href="/dns" title="DNS & DHCP" />
            <Tab href="/system" title="System" />
          </nav>
        </div>
        <Show when={connection() === 'lost' && !locked()}>
          <p class="bg-warn text-card text-sm text-center px-4 py-1.5" role="status">
            The daemon does not answer. This page goes on by itself when it is back.
          </p>
        </Show>
      </header>
      <main id="content" class="max-w-6xl w-full mx-auto px-4 py-6 grow">
        <ErrorBoundary fallback={(error, reset) => <Broken error={error} reset={reset} />}>
          <Show when={!locked()} fallback={<Login />}>
            <Suspense fallback={<Skeleton />}>{props.children}</Suspense>
          </Show>
        </ErrorBoundary>
      </main>
      <Toasts />
      <ConfirmDialog />
    </div>
  )
}

/** A page that failed to draw. Going elsewhere, or the daemon coming back with the page's code, ends it. */
function Broken(props: { error: unknown; reset(): void }) {
  const location = useLocation()
  createEffect(on([() => location.pathname, connection], () => props.reset(), { defer: true }))
  return (
    <Notice tone="bad" alert>
      <p class="wrap-anywhere">
        This page broke: {props.error instanceof Error ? props.error.message : String(props.error)}
      </p>
      <div class="mt-3">
        <Button onClick={() => window.location.reload()}>Load it again</Button>
      </div>
    </Notice>
  )
}

function Tab(props: { href: string; title: string; end?: boolean }) {
  return (
    <A
      href={props.href}
      end={props.end}
      class="px-2.5 py-1.5 rounded-lg hover:bg-raised whitespace-nowrap"
      activeClass="here bg-raised font-medium"
      inactiveClass="text-quiet"
    >
      {props.title}
    </A>
  )
}
