import { A, useParams } from '@solidjs/router'
import { createEffect, type JSX, onCleanup, Show, splitProps } from 'solid-js'
import type { Failure } from '../graphql/failure.ts'

/** Colour of each status word; the words are the daemon's. */
const tones: Record<string, string> = {
  ready: 'text-good',
  running: 'text-good',
  taken: 'text-good',
  changed: 'text-accent',
  left: 'text-quiet',
  problem: 'text-bad',
  healthy: 'text-good',
  completed: 'text-good',
  passing: 'text-good',
  done: 'text-good',
  skipped: 'text-good',
  configured: 'text-accent',
  initialized: 'text-quiet',
  discovered: 'text-quiet',
  not_installed: 'text-quiet',
  not_bootstrapped: 'text-quiet',
  not_configured: 'text-quiet',
  stopped: 'text-quiet',
  pending: 'text-quiet',
  blocked: 'text-quiet',
  bootstrapping: 'text-busy',
  deploying: 'text-busy',
  applying: 'text-busy',
  removing: 'text-busy',
  degraded: 'text-warn',
  warning: 'text-warn',
  cancelled: 'text-warn',
  unknown: 'text-warn',
  optional: 'text-quiet',
  failed: 'text-bad',
  failing: 'text-bad',
  unhealthy: 'text-bad',
  unreachable: 'text-bad',
  not_ready: 'text-bad',
}

/** A status word with its dot. `busy` says that "running" means work in progress (operations), not health. */
export function Status(props: { value: string; busy?: boolean }) {
  const tone = () => (props.busy && props.value === 'running' ? 'text-busy' : (tones[props.value] ?? 'text-quiet'))
  const moving = () => tone() === 'text-busy'
  return (
    <span class={`inline-flex items-center gap-1.5 text-sm whitespace-nowrap ${tone()}`}>
      <span class="size-2 rounded-full bg-current" classList={{ 'animate-pulse': moving() }} aria-hidden="true" />
      {props.value.replaceAll('_', ' ')}
    </span>
  )
}

type ButtonProps = JSX.ButtonHTMLAttributes<HTMLButtonElement> & { kind?: 'main' | 'plain' | 'danger' | 'quiet' }

export function Button(props: ButtonProps) {
  const [own, rest] = splitProps(props, ['kind', 'class'])
  const look = () =>
    ({
      main: 'bg-accent text-on-accent border-transparent hover:brightness-95',
      plain: 'bg-card border-line hover:bg-raised',
      quiet: 'border-transparent text-accent underline underline-offset-2 hover:bg-raised',
      danger: 'bg-card border-bad/50 text-bad hover:bg-bad/10',
    })[own.kind ?? 'plain']
  return (
    <button
      type="button"
      {...rest}
      class={`rounded-lg border px-3 py-1.5 text-sm font-medium disabled:opacity-50 disabled:cursor-not-allowed ${look()} ${own.class ?? ''}`}
    />
  )
}

const product = 'Wild Central'

/** The page's heading, and the title of its tab: what, where, whose. `tab` says more than the heading when it should. */
export function PageHeader(props: { title: string; tab?: string; about?: JSX.Element; children?: JSX.Element }) {
  const params = useParams<{ instance?: string }>()
  createEffect(() => {
    const parts = [props.tab ?? props.title, params.instance, product]
    document.title = parts.filter((part, index) => part && parts.indexOf(part) === index).join(' · ')
  })
  onCleanup(() => {
    document.title = product
  })
  return (
    <header class="flex flex-wrap gap-3 items-end justify-between mb-5">
      <div class="min-w-0 grow basis-72">
        <h1 class="text-2xl font-semibold tracking-tight wrap-anywhere">{props.title}</h1>
        <Show when={props.about}>
          <div class="text-quiet mt-1 max-w-[70ch]">{props.about}</div>
        </Show>
      </div>
      <div class="flex flex-wrap gap-2 items-center">{props.children}</div>
    </header>
  )
}

export function Empty(props: { title: string; children?: JSX.Element }) {
  return (
    <div class="card p-8 text-center">
      <p class="font-medium">{props.title}</p>
      <div class="text-quiet mt-2 max-w-prose mx-auto text-balance">{props.children}</div>
    </div>
  )
}

/** Something a person should read: what went wrong, what to do next, what went well. */
export function Notice(props: { tone: 'accent' | 'good' | 'warn' | 'bad'; alert?: boolean; children: JSX.Element }) {
  return (
    <div class="notice" style={{ '--tone': `var(--${props.tone})` }} role={props.alert ? 'alert' : undefined}>
      {props.children}
    </div>
  )
}

/** What went wrong and what to do. What is not there has a way on instead: `elsewhere`. */
export function FailureNotice(props: { failure: Failure; elsewhere?: { href: string; text: string } }) {
  const missing = () => props.failure.code === 'NOT_FOUND'
  return (
    <Notice tone="bad" alert>
      <p class="wrap-anywhere">{props.failure.message}</p>
      <Show when={!missing() && props.failure.hint}>{(hint) => <Hint text={hint()} />}</Show>
      <Show when={missing()}>
        <p class="mt-1 text-sm">
          <A class="link" href={props.elsewhere?.href ?? '/'}>
            {props.elsewhere?.text ?? 'All instances'}
          </A>
        </p>
      </Show>
    </Notice>
  )
}

/** What to do. Commands are for a terminal and look like it. */
export function Hint(props: { text: string }) {
  return (
    <p class="text-quiet mt-1 text-sm wrap-anywhere">
      <Show when={props.text.startsWith('wild-cli ')} fallback={props.text}>
        In a terminal: <code>{props.text}</code>
      </Show>
    </p>
  )
}

/** Grey shapes where content will be. */
export function Skeleton(props: { rows?: number }) {
  return (
    <div class="grid gap-3" role="status" aria-busy="true" aria-label="Loading">
      {Array.from({ length: props.rows ?? 3 }, () => (
        <div class="h-16 rounded-xl bg-raised animate-pulse" />
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

export function ProgressBar(props: { value: number; label: string; tone?: 'busy' | 'good' | 'bad' | 'warn' }) {
  const colour = () => ({ busy: 'bg-busy', good: 'bg-good', bad: 'bg-bad', warn: 'bg-warn' })[props.tone ?? 'busy']
  return (
    <div
      class="h-2 rounded-full bg-raised overflow-hidden"
      role="progressbar"
      aria-label={props.label}
      aria-valuenow={props.value}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <div
        class={`h-full rounded-full transition-[width] duration-300 ${colour()}`}
        style={{ width: `${props.value}%` }}
      />
    </div>
  )
}

/** A name and its value. */
export function Fact(props: { name: string; class?: string; children: JSX.Element }) {
  return (
    <div class={`min-w-0 ${props.class ?? ''}`}>
      <dt class="text-quiet text-sm">{props.name}</dt>
      <dd class="wrap-anywhere">{props.children}</dd>
    </div>
  )
}
