import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { shell } from '../../strings/shell.ts'
import { Icon } from '../icon.tsx'
import { running } from './activity.ts'
import { devicePlaces, instancePlaces, type Place, placeOf } from './sections.ts'

/** All places as a list: in the sidebar, and on a phone in the drawer. */
export function Places(props: { instance: string | undefined; onGo?(): void }) {
  return (
    <div class="grid gap-6 text-sm">
      <Show when={props.instance}>
        {(name) => (
          <ul class="grid gap-0.5">
            <For each={instancePlaces}>
              {(place) => <PlaceLink place={place} href={placeOf(name(), place.path)} onGo={props.onGo} />}
            </For>
          </ul>
        )}
      </Show>
      <div>
        <p class="px-2.5 mb-1.5 text-xs font-medium text-quiet">{shell.device}</p>
        <ul class="grid gap-0.5">
          <For each={devicePlaces}>
            {(place) => (
              <PlaceLink
                place={place}
                href={place.path}
                onGo={props.onGo}
                atWork={place.path === '/operations' ? running().size : 0}
              />
            )}
          </For>
        </ul>
      </div>
    </div>
  )
}

function PlaceLink(props: { place: Place; href: string; atWork?: number; onGo?(): void }) {
  return (
    <li>
      <A
        href={props.href}
        end={props.place.path === ''}
        class="group flex items-center gap-2.5 rounded-control px-2.5 py-1.5 max-lg:py-2.5 border"
        activeClass="here bg-card border-line shadow-rest font-medium text-text"
        inactiveClass="border-transparent text-quiet hover:text-text hover:bg-raised"
        onClick={() => props.onGo?.()}
      >
        <Icon name={props.place.icon} class="size-[1.125rem] group-[.here]:text-accent" />
        <span class="grow">{props.place.title}</span>
        <Show when={props.atWork}>{(number) => <AtWork number={number()} />}</Show>
      </A>
    </li>
  )
}

/** How many operations run, as a moving mark. */
function AtWork(props: { number: number }) {
  return (
    <span class="flex items-center gap-1.5 text-xs text-busy tabular-nums">
      <span class="size-2 rounded-full bg-busy animate-pulse" aria-hidden="true" />
      <span aria-hidden="true">{props.number}</span>
      <span class="sr-only">{shell.atWork(props.number)}</span>
    </span>
  )
}

const onBar = ['', '/apps', '/nodes']

/** The bar at the bottom of a phone: what is opened most, and the way to everything else. */
export function BottomBar(props: { instance: string | undefined; onMore(): void }) {
  const places = () => [
    ...(props.instance ? instancePlaces.filter(({ path }) => onBar.includes(path)) : []).map((place) => ({
      ...place,
      href: placeOf(props.instance!, place.path),
    })),
    ...(props.instance ? [] : [{ path: '', title: shell.places.instances, icon: 'instances' as const, href: '/' }]),
    ...devicePlaces.slice(0, 1).map((place) => ({ ...place, href: place.path })),
  ]
  const look =
    'group grow basis-0 min-w-0 grid justify-items-center gap-0.5 pt-2 pb-1.5 text-[0.6875rem] leading-4 rounded-control focus-visible:-outline-offset-2'
  return (
    <nav
      class="lg:hidden fixed bottom-0 inset-x-0 z-40 flex border-t border-line bg-card px-1 pb-[env(safe-area-inset-bottom)]"
      aria-label={shell.main}
    >
      <For each={places()}>
        {(place) => (
          <A
            href={place.href}
            end={place.path === ''}
            class={look}
            activeClass="here text-text font-medium"
            inactiveClass="text-quiet"
          >
            <span class="relative">
              <Icon name={place.icon} class="size-5 group-[.here]:text-accent" />
              <Show when={place.path === '/operations' && running().size}>
                <span class="absolute -top-0.5 -right-1 size-2 rounded-full bg-busy animate-pulse" />
              </Show>
            </span>
            <span class="truncate max-w-full">{place.title}</span>
          </A>
        )}
      </For>
      <button type="button" class={`${look} text-quiet`} aria-haspopup="dialog" onClick={() => props.onMore()}>
        <Icon name="menu" />
        {shell.places.more}
      </button>
    </nav>
  )
}
