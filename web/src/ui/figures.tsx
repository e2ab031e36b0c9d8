import { type JSX, Show } from 'solid-js'

const colours = { busy: 'bg-busy', good: 'bg-good', bad: 'bg-bad', warn: 'bg-warn', accent: 'bg-accent' }

/** How far something is, 0 to 100. */
export function ProgressBar(props: { value: number; label: string; tone?: keyof typeof colours }) {
  return (
    <div
      class="h-1.5 rounded-full bg-raised overflow-hidden"
      role="progressbar"
      aria-label={props.label}
      aria-valuenow={props.value}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <div
        class={`h-full rounded-full transition-[width] duration-300 ${colours[props.tone ?? 'busy']}`}
        style={{ width: `${props.value}%` }}
      />
    </div>
  )
}

/** How much of something is used: words above, a bar below; it warns by itself when little is left. */
export function Meter(props: { name: string; text: string; percent: number }) {
  const tone = () => (props.percent >= 95 ? 'bg-bad' : props.percent >= 85 ? 'bg-warn' : 'bg-accent')
  return (
    <div class="min-w-0" role="img" aria-label={`${props.name}: ${props.text}`}>
      <p class="flex justify-between gap-2 text-small" aria-hidden="true">
        <span class="text-quiet">{props.name}</span>
        <span class="tabular-nums">{props.text}</span>
      </p>
      <div class="h-1.5 mt-1 rounded-full bg-raised overflow-hidden">
        <div class={`h-full rounded-full ${tone()}`} style={{ width: `${Math.min(100, props.percent)}%` }} />
      </div>
    </div>
  )
}

/** A name and its value. */
export function Fact(props: { name: string; class?: string; children: JSX.Element }) {
  return (
    <div class={`min-w-0 ${props.class ?? ''}`}>
      <dt class="text-quiet text-small">{props.name}</dt>
      <dd class="wrap-anywhere">{props.children}</dd>
    </div>
  )
}

/** A figure that is read at a glance, with a word below. */
export function Figure(props: { name: string; value: JSX.Element; note?: JSX.Element }) {
  return (
    <div class="min-w-0">
      <dt class="text-quiet text-small">{props.name}</dt>
      <dd class="text-2xl font-semibold tracking-tight tabular-nums">{props.value}</dd>
      <Show when={props.note}>
        <dd class="text-quiet text-small">{props.note}</dd>
      </Show>
    </div>
  )
}
