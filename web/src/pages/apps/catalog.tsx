import { A } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { apps as texts } from '../../strings/apps.ts'
import { Empty } from '../../ui/parts.tsx'
import { categoriesOf, type Findable, find } from './find.ts'

/** An app of the catalog as it is listed. */
export interface Offer extends Findable {
  version: string
  dependencies: string[]
}

/** What can be added: searched, by category; each leads to its page, where it is added. */
export function Catalog(props: { instance: string; offers: readonly Offer[] }) {
  const [words, setWords] = createSignal('')
  const [category, setCategory] = createSignal('')
  const found = () => find(props.offers, words(), category())
  /** Titles of what comes along: what is here already is not offered. */
  const brings = (app: Offer) =>
    props.offers.filter(({ name }) => app.dependencies.includes(name)).map(({ title }) => title)

  return (
    <>
      <div class="flex flex-wrap gap-3 items-center mb-4">
        <input
          class="field !w-full sm:!w-72"
          type="search"
          aria-label={texts.search}
          placeholder={texts.search}
          value={words()}
          onInput={(event) => setWords(event.currentTarget.value)}
        />
        <fieldset class="flex flex-wrap gap-1.5">
          <legend class="sr-only">{texts.category}</legend>
          <For each={[['', props.offers.length] as const, ...categoriesOf(props.offers)]}>
            {([name, number]) => (
              <button
                type="button"
                class="rounded-full border px-3 py-1 text-sm"
                classList={{
                  'border-accent text-accent font-medium bg-card': category() === name,
                  'border-line text-quiet hover:text-text': category() !== name,
                }}
                aria-pressed={category() === name}
                onClick={() => setCategory(name)}
              >
                {name || texts.all} <span class="tabular-nums">{number}</span>
              </button>
            )}
          </For>
        </fieldset>
      </div>
      <p class="sr-only" role="status">
        {texts.found(found().length)}
      </p>
      <Show when={found().length} fallback={<Empty title={texts.none}>{texts.noneHint}</Empty>}>
        <ul class="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
          <For each={found()}>{(app) => <Card instance={props.instance} app={app} brings={brings(app)} />}</For>
        </ul>
      </Show>
    </>
  )
}

function Card(props: { instance: string; app: Offer; brings: string[] }) {
  const usable = () => props.app.version !== ''
  return (
    <li data-app={props.app.name}>
      <Show when={usable()} fallback={<Described app={props.app} about={texts.broken} />}>
        <A class="block h-full" href={`/instances/${props.instance}/apps/catalog/${props.app.name}`}>
          <Described
            app={props.app}
            about={`${props.app.category} · ${props.app.version}`}
            brings={props.brings}
            icon
          />
        </A>
      </Show>
    </li>
  )
}

function Described(props: { app: Offer; about: string; brings?: string[]; icon?: boolean }) {
  return (
    <div class="card p-4 h-full flex flex-col gap-2" classList={{ 'hover:bg-raised': props.icon }}>
      <div class="flex gap-3 items-center">
        <Show when={props.icon}>
          <img src={`/icons/apps/${props.app.name}.svg`} alt="" class="size-10 rounded-lg" />
        </Show>
        <div class="min-w-0">
          <h3 class="font-semibold wrap-anywhere">{props.app.title}</h3>
          <p class="text-quiet text-sm wrap-anywhere">{props.about}</p>
        </div>
      </div>
      <p class="text-sm grow wrap-anywhere">{props.app.description}</p>
      <Show when={props.brings?.length}>
        <p class="text-quiet text-sm wrap-anywhere">{texts.brings(props.brings!.join(', '))}</p>
      </Show>
    </div>
  )
}
