import { Show } from 'solid-js'
import { word } from '../strings/words.ts'

type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'accent' | 'quiet'

/** How each status word looks; the words are the daemon's. */
const tones: Record<string, Tone> = {
  ready: 'good',
  running: 'good',
  taken: 'good',
  booted: 'good',
  kernel: 'busy',
  script: 'accent',
  turned_away: 'quiet',
  missing: 'bad',
  changed: 'accent',
  left: 'quiet',
  problem: 'bad',
  healthy: 'good',
  completed: 'good',
  passing: 'good',
  done: 'good',
  skipped: 'good',
  configured: 'accent',
  bootstrapping: 'busy',
  deploying: 'busy',
  applying: 'busy',
  removing: 'busy',
  degraded: 'warn',
  warning: 'warn',
  cancelled: 'warn',
  unknown: 'warn',
  failed: 'bad',
  failing: 'bad',
  unhealthy: 'bad',
  unreachable: 'bad',
  not_ready: 'bad',
}

const dots: Record<Tone, string> = {
  good: 'bg-good',
  busy: 'bg-busy animate-pulse',
  warn: 'bg-warn',
  bad: 'bg-bad',
  accent: 'bg-accent',
  quiet: 'border-[1.5px] border-quiet',
}
/** What is well stays calm; what needs somebody stands out. */
const looks: Record<Tone, string> = {
  good: 'text-quiet',
  quiet: 'text-quiet',
  accent: 'text-quiet',
  busy: 'text-busy',
  warn: 'text-warn bg-warn/10 px-2 -my-0.5 py-0.5 rounded-full font-medium',
  bad: 'text-bad bg-bad/10 px-2 -my-0.5 py-0.5 rounded-full font-medium',
}

/** How a status word looks. `busy` says that "running" means work in progress (operations), not health. */
export function toneOf(value: string, busy?: boolean): Tone {
  return busy && value === 'running' ? 'busy' : (tones[value] ?? 'quiet')
}

/** The dot of a status alone, beside a name that says the rest. */
export function Dot(props: { value: string; busy?: boolean; class?: string }) {
  return (
    <span
      class={`size-2 rounded-full shrink-0 ${dots[toneOf(props.value, props.busy)]} ${props.class ?? ''}`}
      aria-hidden="true"
    />
  )
}

/** A status word with its dot. `busy` says that "running" means work in progress (operations), not health. */
export function Status(props: { value: string; busy?: boolean }) {
  return (
    <span
      class={`inline-flex items-center gap-1.5 text-small whitespace-nowrap ${looks[toneOf(props.value, props.busy)]}`}
    >
      <Dot value={props.value} busy={props.busy} />
      {word(props.value)}
    </span>
  )
}

/** A small word about a thing: its kind, its version. */
export function Badge(props: { text: string; tone?: Tone; title?: string }) {
  return (
    <Show when={props.text}>
      <span
        class="inline-flex items-center rounded-md border border-line bg-raised px-1.5 py-px text-xs text-quiet whitespace-nowrap"
        title={props.title}
      >
        {props.text}
      </span>
    </Show>
  )
}
