import { type JSX, Show, splitProps } from 'solid-js'
import type { Failure } from '../graphql/failure.ts'

/** Colour of each status word; the words are the daemon's. */
const tones: Record<string, string> = {
  ready: 'text-good',
  running: 'text-good',
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

type ButtonProps = JSX.ButtonHTMLAttributes<HTMLButtonElement> & { kind?: 'main' | 'plain' | 'danger' }

export function Button(props: ButtonProps) {
  const [own, rest] = splitProps(props, ['kind', 'class'])
  const look = () =>
    ({
      main: 'bg-accent text-on-accent border-transparent hover:brightness-110',
      plain: 'bg-card border-line hover:bg-raised',
      danger: 'bg-card border-line text-bad hover:bg-raised',
    })[own.kind ?? 'plain']
  return (
    <button
      type="button"
      {...rest}
      class={`rounded-lg border px-3 py-1.5 text-sm font-medium disabled:opacity-50 disabled:cursor-not-allowed ${look()} ${own.class ?? ''}`}
    />
  )
}

export function PageHeader(props: { title: string; about?: JSX.Element; children?: JSX.Element }) {
  return (
    <header class="flex flex-wrap gap-3 items-end justify-between mb-5">
      <div class="min-w-0">
        <h1 class="text-2xl font-semibold tracking-tight break-words">{props.title}</h1>
        <Show when={props.about}>
          <div class="text-quiet mt-1 max-w-prose">{props.about}</div>
        </Show>
      </div>
      <div class="flex flex-wrap gap-2">{props.children}</div>
    </header>
  )
}

export function Empty(props: { title: string; children?: JSX.Element }) {
  return (
    <div class="card p-8 text-center">
      <p class="font-medium">{props.title}</p>
      <div class="text-quiet mt-2 max-w-prose mx-auto">{props.children}</div>
    </div>
  )
}

export function FailureNotice(props: { failure: Failure }) {
  return (
    <div class="card p-4 border-l-4 border-l-bad" role="alert">
      <p>{props.failure.message}</p>
      <Show when={props.failure.hint}>
        <p class="text-quiet mt-1 text-sm">{props.failure.hint}</p>
      </Show>
    </div>
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
      <Show when={props.query.failure}>{(failure) => <FailureNotice failure={failure()} />}</Show>
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
export function Fact(props: { name: string; children: JSX.Element }) {
  return (
    <div class="min-w-0">
      <dt class="text-quiet text-sm">{props.name}</dt>
      <dd class="break-words">{props.children}</dd>
    </div>
  )
}
