import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { overview } from '../../strings/overview.ts'
import { word } from '../../strings/words.ts'
import { Dot, Icon, Meter } from '../../ui/parts.tsx'
import { bytes } from '../../ui/time.ts'
import type { Need } from './attention.ts'
import { healthSpans, type Span } from './health-line.ts'

/** The first thing one reads: all is well, or what needs somebody. */
export function Verdict(props: { needs: Need[]; finished: boolean; nodes: number; apps: number }) {
  const well = () => props.needs.length === 0
  const tone = () => (well() ? 'good' : props.needs.some(({ bad }) => bad) ? 'bad' : 'warn')
  return (
    <Show when={!well() || props.finished}>
      <section
        class="card contours p-5 sm:p-6 mb-5"
        style={{ '--accent': `var(--${tone()})` }}
        aria-label={well() ? overview.well : overview.needsYou(props.needs.length)}
      >
        <div class="flex gap-4 items-center">
          <span
            class="grid place-items-center size-11 rounded-full shrink-0"
            style={{ color: `var(--${tone()})`, background: `color-mix(in srgb, var(--${tone()}) 14%, transparent)` }}
          >
            <Icon name={well() ? 'check' : 'alert'} class="size-6" />
          </span>
          <div>
            <h2 class="text-xl font-semibold tracking-tight">
              {well() ? overview.well : overview.needsYou(props.needs.length)}
            </h2>
            <Show when={well()}>
              <p class="text-quiet">{overview.wellAbout(props.nodes, props.apps)}</p>
            </Show>
          </div>
        </div>
        <Show when={!well()}>
          <ul class="mt-4 grid gap-2">
            <For each={props.needs}>
              {(need) => (
                <li>
                  <A
                    href={need.href}
                    class="flex gap-3 items-start rounded-control border border-line bg-card px-3.5 py-2.5 hover:border-edge"
                  >
                    <Icon name="alert" class={`size-5 mt-0.5 ${need.bad ? 'text-bad' : 'text-warn'}`} />
                    <span class="min-w-0 grow">
                      <span class="font-medium wrap-anywhere">{need.title}</span>
                      <Show when={need.about}>
                        <span class="block text-quiet text-sm wrap-anywhere">{need.about}</span>
                      </Show>
                    </span>
                    <Icon name="right" class="size-4 mt-1 text-quiet" />
                  </A>
                </li>
              )}
            </For>
          </ul>
        </Show>
      </section>
    </Show>
  )
}

interface MappedNode {
  name: string
  role: string
  status: string
  ip: string | null
  targetIp: string | null
}

/** The machines of the cluster below the address they share. */
export function ClusterMap(props: { instance: string; nodes: readonly MappedNode[]; vip: string }) {
  const rows = () =>
    (['controlplane', 'worker'] as const)
      .map((role) => ({
        title: role === 'controlplane' ? overview.controlPlanes : overview.workers,
        nodes: props.nodes.filter((node) => node.role === role),
      }))
      .filter(({ nodes }) => nodes.length)
  return (
    <div class="card p-5">
      <div class="flex flex-col items-center">
        <span class="flex gap-2 items-center rounded-full border border-accent/50 bg-accent/10 px-3 py-1 text-sm">
          <Icon name="cluster" class="size-4 text-accent" />
          <span class="font-mono text-small">{props.vip}</span>
          <span class="text-quiet text-small">{overview.vip}</span>
        </span>
        <span class="w-px h-5 bg-edge" aria-hidden="true" />
      </div>
      <div class="grid gap-4 border-t border-edge pt-4">
        <For each={rows()}>
          {(row) => (
            <div>
              <p class="text-quiet text-small mb-2">{row.title}</p>
              <ul class="grid gap-2 grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))]">
                <For each={row.nodes}>
                  {(node) => (
                    <li>
                      <A
                        href={`/instances/${props.instance}/nodes`}
                        class="block rounded-control border border-line bg-raised/60 px-3 py-2.5 hover:border-edge"
                      >
                        <span class="flex gap-2 items-center">
                          <Dot value={node.status} />
                          <span class="font-medium text-sm truncate">{node.name}</span>
                          <span class="sr-only">{word(node.status)}</span>
                        </span>
                        <span class="block text-quiet text-small font-mono truncate mt-0.5">
                          {node.ip ?? node.targetIp ?? '–'}
                        </span>
                      </A>
                    </li>
                  )}
                </For>
              </ul>
            </div>
          )}
        </For>
      </div>
    </div>
  )
}

const colours: Record<Span['state'], string> = {
  passing: 'bg-good/70',
  warning: 'bg-warn',
  failing: 'bg-bad',
  unknown: 'bg-raised',
}
const dayMs = 24 * 3_600_000

/** How everything was in the last day, as a band. */
export function HealthLine(props: { events: Parameters<typeof healthSpans>[0]; now: number }) {
  const spans = () => healthSpans(props.events, props.now, dayMs)
  const told = ({ from, state }: Span) => {
    const time = new Date(props.now - (1 - from) * dayMs).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
    return overview.healthAt(time, overview.healthWords[state])
  }
  return (
    <div>
      <div
        class="flex h-7 gap-px rounded-control overflow-hidden"
        role="img"
        aria-label={`${overview.health}: ${spans().map(told).join(', ')}`}
      >
        <For each={spans()}>
          {(span) => (
            <span
              class={`min-w-0.5 ${colours[span.state]}`}
              style={{ 'flex-grow': span.to - span.from, 'flex-basis': '0' }}
              title={told(span)}
            />
          )}
        </For>
      </div>
      <p class="flex justify-between text-quiet text-xs mt-1.5">
        <span>{overview.dayAgo}</span>
        <span>{overview.now}</span>
      </p>
    </div>
  )
}

interface DeviceFigures {
  diskFree: unknown
  diskTotal: unknown
  memoryFree: unknown
  memoryTotal: unknown
  load: number
}

/** What the device the daemon runs on has left. */
export function DeviceMeters(props: { of: DeviceFigures }) {
  const share = (free: unknown, total: unknown) => {
    const [left, all] = [Number(free), Number(total)]
    return { text: overview.used(bytes(all - left), bytes(all)), percent: all > 0 ? ((all - left) / all) * 100 : 0 }
  }
  return (
    <div class="card p-5 grid gap-4">
      <Meter name={overview.memory} {...share(props.of.memoryFree, props.of.memoryTotal)} />
      <Meter name={overview.disk} {...share(props.of.diskFree, props.of.diskTotal)} />
    </div>
  )
}
