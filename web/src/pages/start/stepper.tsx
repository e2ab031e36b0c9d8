import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { start } from '../../strings/start.ts'
import { Icon } from '../../ui/parts.tsx'
import { type Station, stations } from './way.ts'

/** The stations in a row: those behind can be gone back to, those ahead cannot be skipped to. */
export function Stepper(props: { at: Station; reached: Station; href?(station: Station): string }) {
  const index = (station: Station) => stations.indexOf(station)
  const far = () => Math.max(index(props.reached), index(props.at))
  return (
    <ol class="flex gap-1.5">
      <For each={stations}>
        {(station, place) => {
          const done = () => place() < index(props.reached)
          const here = () => station === props.at
          const content = () => (
            <>
              <span
                class="block h-1 rounded-full mb-2"
                classList={{ 'bg-accent': done() || here(), 'bg-edge': !done() && !here() }}
              />
              <span
                class="flex gap-1.5 items-center text-small"
                classList={{ 'font-semibold whitespace-nowrap': here(), 'text-quiet max-sm:sr-only': !here() }}
              >
                <Show when={done() && !here()}>
                  <Icon name="check" class="size-3.5 text-good" />
                </Show>
                {start.steps[station]}
              </span>
            </>
          )
          return (
            <li class="grow basis-0 min-w-0" aria-current={here() ? 'step' : undefined}>
              <Show when={props.href && station !== 'name' && place() <= far() && !here()} fallback={content()}>
                <A href={props.href!(station)} class="block" activeClass="" inactiveClass="">
                  {content()}
                </A>
              </Show>
            </li>
          )
        }}
      </For>
    </ol>
  )
}
