import { createSignal, For, Show } from 'solid-js'
import { apps as texts } from '../../strings/apps.ts'
import { confirm } from '../../ui/confirm.tsx'
import { Button, Empty } from '../../ui/parts.tsx'
import { categoriesOf, type Findable, find } from './find.ts'

/** An app of the catalog with what it needs. */
export interface Offer extends Findable {
  version: string
  dependencies: string[]
  links: unknown
  requiredSecrets: string[]
  settings: { name: string; title: string; type: string; default: unknown }[]
  suppliedSecrets: { path: string; optional: boolean; description: string }[]
}

/** What can be added: searched, by category, each with what it brings and what adding it changes. */
export function Catalog(props: { offers: readonly Offer[]; added: readonly string[]; add(name: string): void }) {
  const [words, setWords] = createSignal('')
  const [category, setCategory] = createSignal('')
  const found = () => find(props.offers, words(), category())

  async function ask(app: Offer): Promise<void> {
    const yes = await confirm({
      title: texts.addQuestion(app.title),
      lines: [],
      action: texts.add,
      more: () => <Needs app={app} added={props.added} />,
    })
    if (yes) props.add(app.name)
  }

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
          <For each={found()}>{(app) => <Card app={app} ask={() => ask(app)} />}</For>
        </ul>
      </Show>
    </>
  )
}

function Card(props: { app: Offer; ask(): void }) {
  const usable = () => props.app.version !== ''
  return (
    <li class="card p-4 flex flex-col gap-2" data-app={props.app.name}>
      <div class="flex gap-3 items-center">
        <Show when={usable()}>
          <img src={`/icons/apps/${props.app.name}.svg`} alt="" class="size-10 rounded-lg" />
        </Show>
        <div class="min-w-0">
          <h3 class="font-semibold wrap-anywhere">{props.app.title}</h3>
          <p class="text-quiet text-sm wrap-anywhere">
            {usable() ? `${props.app.category} · ${props.app.version}` : texts.broken}
          </p>
        </div>
      </div>
      <p class="text-sm grow wrap-anywhere">{props.app.description}</p>
      <div class="flex justify-between items-center gap-2 text-sm">
        <span class="text-quiet min-w-0 wrap-anywhere">
          {props.app.dependencies.length ? texts.brings(props.app.dependencies.join(', ')) : ''}
        </span>
        <Show when={usable()}>
          <Button onClick={() => props.ask()} aria-haspopup="dialog" aria-label={texts.addIt(props.app.title)}>
            {texts.add}
          </Button>
        </Show>
      </div>
    </li>
  )
}

/** What an app needs, and what adding it writes. */
function Needs(props: { app: Offer; added: readonly string[] }) {
  const generated = () => props.app.requiredSecrets.length - props.app.suppliedSecrets.length
  const space = () => props.app.settings.filter(({ type }) => type === 'quantity')
  const links = () => Object.entries((props.app.links ?? {}) as Record<string, string>)
  return (
    <div class="grid gap-4">
      <p>{props.app.description}</p>
      <section>
        <h3 class="font-semibold mb-1">{texts.needs}</h3>
        <ul class="list-disc pl-5 grid gap-1">
          <For each={props.app.dependencies}>
            {(name) => <li>{props.added.includes(name) ? texts.appThere(name) : texts.appToo(name)}</li>}
          </For>
          <For each={space()}>{(setting) => <li>{texts.space(setting.title, String(setting.default))}</li>}</For>
          <For each={props.app.suppliedSecrets}>
            {(secret) => (
              <li class="wrap-anywhere">
                {secret.optional ? texts.secretMaybe : texts.secret} <code>{secret.path}</code>: {secret.description}
              </li>
            )}
          </For>
        </ul>
        <Show when={props.app.dependencies.length + space().length + props.app.suppliedSecrets.length === 0}>
          <p class="text-quiet">{texts.needsNothing}</p>
        </Show>
      </section>
      <section>
        <h3 class="font-semibold mb-1">{texts.changes}</h3>
        <ul class="list-disc pl-5 grid gap-1">
          <li>
            {texts.writesSettings(props.app.settings.length)} <code>apps.{props.app.name}</code>
          </li>
          <Show when={generated() > 0}>
            <li>{texts.makesSecrets(generated())}</li>
          </Show>
          <li>
            {texts.writesFiles} <code>apps/{props.app.name}</code>
          </li>
          <li>{texts.startsNothing}</li>
        </ul>
      </section>
      <Show when={links().length}>
        <p class="text-sm flex gap-4">
          <For each={links()}>
            {([name, href]) => (
              <a class="link" href={href} target="_blank" rel="noreferrer">
                {name}
              </a>
            )}
          </For>
        </p>
      </Show>
    </div>
  )
}
