import { A, type RouteSectionProps, useLocation } from '@solidjs/router'
import { createEffect, createSignal, ErrorBoundary, lazy, on, onCleanup, Show, Suspense } from 'solid-js'
import { connection } from '../graphql/client.ts'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { locked } from '../graphql/token.ts'
import { shell } from '../strings/shell.ts'
import { ConfirmDialog } from './confirm.tsx'
import { Dialog } from './dialog.tsx'
import { keepScroll } from './kept.ts'
import { Login } from './login.tsx'
import { Button, Icon, IconButton, Notice, Skeleton } from './parts.tsx'
import { watchActivity } from './shell/activity.ts'
import { InstanceSwitcher } from './shell/instance-switcher.tsx'
import { BottomBar, Places } from './shell/nav.tsx'
import { Toasts } from './toasts.tsx'

/** Comes in when it is called for the first time. */
const Palette = lazy(() => import('./palette/palette.tsx'))

const FrameQuery = graphql(`
  query Frame {
    instances { name }
    context { current }
    operations(status: running, limit: 50) { operationId title }
  }
`)

/** How each instance is takes a look at its cluster: nothing waits for it. */
const StatusQuery = graphql('query FrameStatus { instances { name status } }')

/** The frame of every page: which instance, where to go, what is at work, and the connection when it is lost. */
export function Layout(props: RouteSectionProps) {
  const location = useLocation()
  const [drawer, setDrawer] = createSignal(false)
  const [palette, setPalette] = createSignal(false)
  // Progress of operations changes nothing here: the feed itself keeps what is at work.
  const query = createLiveQuery(
    FrameQuery,
    () => ({}),
    (news) => news.kind === 'instance',
  )
  keepScroll()
  watchActivity(() => query.data?.operations)
  const statuses = createLiveQuery(
    StatusQuery,
    () => ({}),
    (news) => news.kind === 'instance',
  )
  const statusOf = (name: string) => statuses.data?.instances.find((each) => each.name === name)?.status
  const instances = () => (query.data?.instances ?? []).map(({ name }) => ({ name, status: statusOf(name) }))
  const addressed = () => /^\/instances\/([^/]+)/.exec(location.pathname)?.[1]
  const instance = () => {
    const name = addressed() ?? query.data?.context.current ?? undefined
    // Before the list came, the address is believed.
    return name && (!query.data || instances().some((each) => each.name === name)) ? name : undefined
  }
  createEffect(
    on(
      () => location.pathname,
      () => setDrawer(false),
      { defer: true },
    ),
  )

  function onKey(event: KeyboardEvent): void {
    if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
    event.preventDefault()
    // A question that is open is answered first.
    if (!document.querySelector('dialog[open]')) setPalette(true)
  }
  document.addEventListener('keydown', onKey)
  onCleanup(() => document.removeEventListener('keydown', onKey))

  return (
    <div class="min-h-dvh lg:grid lg:grid-cols-[15.5rem_minmax(0,1fr)]">
      <a
        href="#content"
        target="_self"
        class="sr-only focus:not-sr-only focus:fixed focus:z-50 focus:m-3 focus:px-4 focus:py-2 focus:bg-card focus:rounded-control focus:shadow-float"
      >
        {shell.skip}
      </a>
      <div class="max-lg:hidden bg-ground border-r border-line">
        <div class="sticky top-0 h-dvh flex flex-col gap-5 p-3 overflow-y-auto">
          <Brand class="px-2 pt-2" />
          <Show when={instances().length}>
            <InstanceSwitcher instances={instances()} current={instance()} class="w-full px-2.5 py-2" />
          </Show>
          <button
            type="button"
            class="flex items-center gap-2.5 rounded-control border border-line px-2.5 py-1.5 text-sm text-quiet hover:text-text hover:border-edge"
            aria-haspopup="dialog"
            aria-keyshortcuts="Control+K Meta+K"
            onClick={() => setPalette(true)}
          >
            <Icon name="search" class="size-4" />
            <span class="grow text-left">{shell.search}</span>
            <span class="keycap" aria-hidden="true">
              {shell.searchKeys}
            </span>
          </button>
          <nav aria-label={shell.main}>
            <Places instance={instance()} />
          </nav>
        </div>
      </div>
      <div class="min-w-0 flex flex-col">
        <header class="lg:hidden sticky top-0 z-40 bg-ground border-b border-line flex items-center gap-3 px-4 py-2">
          <Brand short={instances().length > 0} />
          <Show when={instances().length}>
            <InstanceSwitcher instances={instances()} current={instance()} class="max-w-48 px-2.5 py-1.5" />
          </Show>
          <span class="grow" />
          <IconButton icon="search" label={shell.search} onClick={() => setPalette(true)} />
        </header>
        <Show when={connection() === 'lost' && !locked()}>
          <p
            class="sticky top-0 max-lg:top-[3.25rem] z-30 bg-warn text-card text-sm text-center px-4 py-1.5"
            role="status"
          >
            {shell.lost}
          </p>
        </Show>
        <main
          id="content"
          tabindex="-1"
          class="max-w-6xl w-full mx-auto px-4 sm:px-8 py-6 lg:py-9 max-lg:pb-28 grow min-w-0"
        >
          <ErrorBoundary fallback={(error, reset) => <Broken error={error} reset={reset} />}>
            <Show when={!locked()} fallback={<Login />}>
              <Suspense fallback={<Skeleton />}>{props.children}</Suspense>
            </Show>
          </ErrorBoundary>
        </main>
      </div>
      <BottomBar instance={instance()} onMore={() => setDrawer(true)} />
      <Show when={drawer()}>
        <Dialog
          label={shell.main}
          class="fixed inset-x-0 top-auto bottom-0 mb-0 w-full max-w-none max-h-[85dvh] overflow-y-auto rounded-t-2xl px-3 pt-2 pb-[calc(1rem+env(safe-area-inset-bottom))]"
          onClose={() => setDrawer(false)}
        >
          <div class="flex justify-end">
            <IconButton icon="close" label={shell.closeMenu} onClick={() => setDrawer(false)} />
          </div>
          <nav aria-label={shell.main}>
            <Places instance={instance()} onGo={() => setDrawer(false)} />
          </nav>
        </Dialog>
      </Show>
      <Suspense>
        <Show when={palette()}>
          <Palette instance={instance()} onClose={() => setPalette(false)} />
        </Show>
      </Suspense>
      <Toasts />
      <ConfirmDialog />
    </div>
  )
}

function Brand(props: { class?: string; short?: boolean }) {
  return (
    <A
      href="/"
      class={`flex items-center gap-2.5 font-semibold tracking-tight ${props.class ?? ''}`}
      end
      activeClass=""
      inactiveClass=""
    >
      <img src="/icon.svg" alt="" class="size-7" />
      <span classList={{ 'sr-only': props.short }}>{shell.product}</span>
    </A>
  )
}

/** A page that failed to draw. Going elsewhere, or the daemon coming back with the page's code, ends it. */
function Broken(props: { error: unknown; reset(): void }) {
  const location = useLocation()
  createEffect(on([() => location.pathname, connection], () => props.reset(), { defer: true }))
  return (
    <Notice tone="bad" alert>
      <p class="wrap-anywhere">
        {shell.broke(props.error instanceof Error ? props.error.message : String(props.error))}
      </p>
      <div class="mt-3">
        <Button onClick={() => window.location.reload()}>{shell.again}</Button>
      </div>
    </Notice>
  )
}
