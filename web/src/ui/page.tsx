import { useParams } from '@solidjs/router'
import { createEffect, type JSX, onCleanup, Show } from 'solid-js'
import type { Failure } from '../graphql/failure.ts'
import { shell } from '../strings/shell.ts'
import { Icon, type IconName } from './icon.tsx'
import { FailureNotice } from './notice.tsx'

/** The page's heading, and the title of its tab: what, where, whose. `tab` says more than the heading when it should. */
export function PageHeader(props: { title: string; tab?: string; about?: JSX.Element; children?: JSX.Element }) {
  const params = useParams<{ instance?: string }>()
  createEffect(() => {
    const parts = [props.tab ?? props.title, params.instance, shell.product]
    document.title = parts.filter((part, index) => part && parts.indexOf(part) === index).join(' · ')
  })
  onCleanup(() => {
    document.title = shell.product
  })
  return (
    <header class="flex flex-wrap gap-x-4 gap-y-3 items-start justify-between mb-6">
      <div class="min-w-0 grow basis-72">
        <h1 class="text-title font-semibold tracking-[-0.02em] wrap-anywhere">{props.title}</h1>
        <Show when={props.about}>
          <div class="text-quiet mt-1.5 max-w-[68ch]">{props.about}</div>
        </Show>
      </div>
      {/* On a phone what one most likely came for stands first. */}
      <div class="flex flex-wrap gap-2 items-center sm:pt-0.5 max-sm:flex-row-reverse max-sm:flex-wrap-reverse max-sm:justify-end">
        {props.children}
      </div>
    </header>
  )
}

/** A part of a page under a heading of its own. */
export function Section(props: { title: string; about?: string; actions?: JSX.Element; children: JSX.Element }) {
  return (
    <section class="mt-8 first:mt-0" aria-label={props.title}>
      <div class="flex flex-wrap items-end justify-between gap-x-4 gap-y-2 mb-3">
        <div>
          <h2 class="text-heading font-semibold">{props.title}</h2>
          <Show when={props.about}>
            <p class="text-quiet text-sm">{props.about}</p>
          </Show>
        </div>
        {props.actions}
      </div>
      {props.children}
    </section>
  )
}

/** Nothing here yet: what would be, and how it comes. */
export function Empty(props: { title: string; icon?: IconName; children?: JSX.Element }) {
  return (
    <div class="card contours px-6 py-10 text-center">
      <Show when={props.icon}>
        {(name) => (
          <span class="grid place-items-center size-11 mx-auto mb-3 rounded-full bg-raised text-accent">
            <Icon name={name()} />
          </span>
        )}
      </Show>
      <p class="font-semibold text-heading">{props.title}</p>
      <div class="text-quiet mt-1.5 max-w-prose mx-auto text-balance">{props.children}</div>
    </div>
  )
}

/** Grey shapes where content will be. */
export function Skeleton(props: { rows?: number }) {
  return (
    <div class="grid gap-3" role="status" aria-busy="true" aria-label={shell.loading}>
      {Array.from({ length: props.rows ?? 3 }, () => (
        <div class="h-16 skeleton" />
      ))}
    </div>
  )
}

/** Loading, failed, or the content: the three states every page has. */
export function Loaded<T>(props: {
  query: { data: T | undefined; failure: Failure | undefined; loading: boolean }
  children: (data: T) => JSX.Element
}) {
  return (
    <>
      <Show when={props.query.failure}>
        {(failure) => (
          <div class="mb-5">
            <FailureNotice failure={failure()} />
          </div>
        )}
      </Show>
      <Show when={props.query.data} fallback={<Show when={!props.query.failure}>{<Skeleton />}</Show>}>
        {(data) => props.children(data() as T)}
      </Show>
    </>
  )
}
