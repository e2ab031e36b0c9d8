import { index as help } from 'virtual:help-index'
import { useNavigate } from '@solidjs/router'
import { createEffect, createMemo, createSignal, createUniqueId, For, on, Show } from 'solid-js'
import { graphql } from '../../graphql/graphql.ts'
import { createLiveQuery } from '../../graphql/live-query.ts'
import { appPage } from '../../strings/app.ts'
import { palette } from '../../strings/palette.ts'
import { Dialog } from '../dialog.tsx'
import { Icon, type IconName } from '../icon.tsx'
import { devicePlaces, instancePlaces, placeOf } from '../shell/sections.ts'
import { search, type Target } from './match.ts'

const TargetsQuery = graphql(`
  query PaletteTargets($instance: String!, $known: Boolean!) {
    instances { name }
    nodes(instance: $instance) @include(if: $known) { name }
    services(instance: $instance) @include(if: $known) { name title description }
    apps(instance: $instance) @include(if: $known) { name title }
    catalogApps @include(if: $known) { name title description category }
    operations(limit: 30) { operationId title }
  }
`)
const shown = 40
const icons: Record<Target['kind'], IconName> = {
  page: 'right',
  instance: 'instances',
  node: 'nodes',
  service: 'services',
  app: 'apps',
  catalog: 'apps',
  operation: 'operations',
  action: 'play',
  help: 'help',
}

/** Every page, instance, machine, service, app (also those of the catalog), recent operation and the common actions, by typing a part of the name. */
export default function Palette(props: { instance: string | undefined; onClose(): void }) {
  const navigate = useNavigate()
  const id = createUniqueId()
  const [typed, setTyped] = createSignal('')
  const [at, setAt] = createSignal(0)
  const query = createLiveQuery(
    TargetsQuery,
    () => ({ instance: props.instance ?? '', known: props.instance !== undefined }),
    () => false,
  )
  const targets = createMemo(() => [...pagesOf(props.instance), ...foundIn(query.data, props.instance), ...helpTargets])
  const results = createMemo(() => search(targets(), typed(), shown))
  createEffect(on(typed, () => setAt(0)))
  let list: HTMLDivElement | undefined
  createEffect(() => list?.children[at()]?.scrollIntoView({ block: 'nearest' }))

  function go(target: Target | undefined): void {
    if (!target) return
    props.onClose()
    navigate(target.href)
  }
  function keys(event: KeyboardEvent): void {
    const count = results().length
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step && count) {
      event.preventDefault()
      setAt((at() + step + count) % count)
    }
    if (event.key === 'Enter') {
      event.preventDefault()
      go(results()[at()])
    }
  }

  return (
    <Dialog
      label={palette.label}
      class="mx-auto mt-[12dvh] mb-auto w-[min(38rem,calc(100vw-2rem))] max-h-[70dvh] rounded-2xl border border-line overflow-hidden"
      onClose={props.onClose}
    >
      <div class="flex flex-col max-h-[70dvh]">
        <label class="flex gap-3 items-center px-4 border-b border-line">
          <Icon name="search" class="size-5 text-quiet" />
          <input
            class="grow min-w-0 bg-transparent py-4 outline-none placeholder:text-quiet"
            role="combobox"
            aria-label={palette.label}
            aria-expanded="true"
            aria-controls={id}
            aria-activedescendant={results().length ? `${id}-${at()}` : undefined}
            placeholder={palette.placeholder}
            autocomplete="off"
            spellcheck={false}
            autofocus
            onInput={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={keys}
          />
        </label>
        <div ref={list} id={id} role="listbox" aria-label={palette.results} class="overflow-y-auto p-2">
          <For each={results()}>
            {(target, index) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard is in the field above, which names this one
              // biome-ignore lint/a11y/useFocusableInteractive: it is, from the field
              <div
                id={`${id}-${index()}`}
                role="option"
                tabindex="-1"
                aria-selected={at() === index()}
                class="flex items-center gap-3 rounded-lg px-3 py-2 text-sm cursor-pointer aria-selected:bg-raised"
                onPointerMove={() => setAt(index())}
                onClick={() => go(target)}
              >
                <Icon name={icons[target.kind]} class="size-4 text-quiet" />
                <span class="grow min-w-0 truncate">{target.title}</span>
                <span class="text-quiet text-small truncate max-w-[45%] shrink-0">
                  {[target.place, palette.kinds[target.kind]].filter(Boolean).join(' · ')}
                </span>
              </div>
            )}
          </For>
        </div>
        <Show when={results().length === 0 && !query.loading}>
          <p class="px-5 pb-5 text-quiet text-sm">{palette.none}</p>
        </Show>
        <p class="max-sm:hidden border-t border-line px-4 py-2 text-xs text-quiet">{palette.help}</p>
      </div>
    </Dialog>
  )
}

/** Pages and actions, which are there before anything was asked for. */
function pagesOf(instance: string | undefined): Target[] {
  const { actions } = palette
  const at = (path: string) => placeOf(instance!, path)
  const own: Target[] = instance
    ? [
        ...instancePlaces.map(({ path, title }) => ({ kind: 'page' as const, title, place: instance, href: at(path) })),
        { kind: 'action', title: actions.goOn, place: instance, href: `/start/${instance}` },
        { kind: 'action', title: actions.discover, place: instance, href: `/start/${instance}/machines` },
        { kind: 'action', title: actions.bootstrap, place: instance, href: at('/cluster') },
        { kind: 'action', title: actions.install, place: instance, href: at('/services') },
        { kind: 'action', title: actions.addApp, place: instance, href: at('/apps') },
        { kind: 'action', title: actions.backUp, place: instance, href: at('/backups') },
        { kind: 'action', title: actions.schedule, place: instance, href: at('/backups?view=schedule') },
        { kind: 'action', title: actions.target, place: instance, href: at('/backups?view=target') },
        { kind: 'action', title: actions.upgrade, place: instance, href: at('/cluster') },
        { kind: 'action', title: actions.access, place: instance, href: at('/cluster') },
        { kind: 'action', title: actions.history, place: instance, href: at('/config?view=history') },
      ]
    : []
  return [
    ...own.filter(({ kind }) => kind === 'page'),
    ...devicePlaces.map(({ path, title }) => ({ kind: 'page' as const, title, href: path })),
    ...own.filter(({ kind }) => kind === 'action'),
    { kind: 'action', title: actions.create, href: '/start' },
    { kind: 'action', title: actions.log, href: '/system?view=log' },
    { kind: 'action', title: actions.audit, href: '/system?view=audit' },
  ]
}

/** The documents of the help and their parts: last, for who finds nothing else of that name. */
const helpTargets: Target[] = help.flatMap(({ name, title, parts }) => [
  { kind: 'help', title, href: `/help/${name}` },
  ...parts.map((part) => ({
    kind: 'help' as const,
    title: part.title,
    place: title,
    href: `/help/${name}#${part.id}`,
  })),
])

/** An app itself, then each view of it: its log, its backups. */
const appViews = Object.entries(appPage.tabs).map(([view, title]) => [view === 'overview' ? '' : view, title] as const)

interface Found {
  instances: { name: string }[]
  nodes?: { name: string }[]
  services?: { name: string; title: string; description: string }[]
  apps?: { name: string; title: string }[]
  catalogApps?: { name: string; title: string; description: string; category: string }[]
  operations: { operationId: string; title: string }[]
}

function foundIn(data: Found | undefined, instance: string | undefined): Target[] {
  if (!data) return []
  const at = (path: string) => placeOf(instance ?? '', path)
  return [
    ...data.instances.map(({ name }) => ({ kind: 'instance' as const, title: name, href: placeOf(name, '') })),
    ...(data.apps ?? []).flatMap(({ name, title }) =>
      appViews.map(([view, of]) => ({
        kind: 'app' as const,
        title: view ? palette.viewOf(title, of) : title,
        place: instance,
        href: at(`/apps/${name}${view && `?view=${view}`}`),
      })),
    ),
    ...(data.nodes ?? []).map(({ name }) => ({
      kind: 'node' as const,
      title: name,
      place: instance,
      href: at('/nodes'),
    })),
    ...(data.services ?? []).map(({ name, title, description }) => ({
      kind: 'service' as const,
      title,
      about: `${name} ${description}`,
      place: instance,
      href: at(`/services/${name}`),
    })),
    ...data.operations.map(({ operationId, title }) => ({
      kind: 'operation' as const,
      title,
      href: `/operations/${operationId}`,
    })),
    // What is not here yet is found by what it is for, too.
    ...(data.catalogApps ?? [])
      .filter(({ name }) => !data.apps?.some((app) => app.name === name))
      .map(({ name, title, description, category }) => ({
        kind: 'catalog' as const,
        title,
        about: `${name} ${category} ${description}`,
        place: instance,
        href: at(`/apps/catalog/${name}`),
      })),
  ]
}
