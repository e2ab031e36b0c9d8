import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { about, createLiveQuery } from '../../graphql/live-query.ts'
import { start } from '../../strings/start.ts'
import { Button, Icon, LinkButton, Loaded } from '../../ui/parts.tsx'
import { isAtWork, newest, WorkLine } from './progress.tsx'

const AppsQuery = graphql(`
  query StartApps($instance: String!) {
    apps(instance: $instance) { name title status url }
    catalogApps { name title description category dependencies }
    operations(instance: $instance, type: "app.deploy", limit: 20) {
      operationId type title target status progress message
    }
  }
`)
const AddMutation = graphql(
  'mutation StartAdd($instance: String!, $name: String!) { addApp(instance: $instance, name: $name) { name } }',
)
const DeployMutation = graphql(
  'mutation StartDeploy($instance: String!, $app: String!) { deployApp(instance: $instance, app: $app) { operationId } }',
)
const texts = start.apps

/** The first app: chosen, brought up, and opened. */
export function AppsStation(props: { instance: string }) {
  const query = createLiveQuery(
    AppsQuery,
    () => ({ instance: props.instance }),
    about(() => props.instance),
  )
  const works = () => newest(query.data?.operations ?? [])
  const busy = () => works().some(isAtWork)
  const app = (name: string) => query.data?.apps.find((each) => each.name === name)
  /** Those with a page of their own come first; what only other apps need is not a first app. */
  const offered = () => {
    const all = query.data?.catalogApps ?? []
    const needed = new Set(all.flatMap(({ dependencies }) => dependencies))
    return all.filter(({ name }) => !needed.has(name))
  }
  /** Titles of what comes along: only what is not here yet. */
  const brings = (needed: readonly string[]) =>
    (query.data?.catalogApps ?? [])
      .filter(({ name }) => needed.includes(name) && !app(name))
      .map(({ title }) => title)
      .join(', ')
  const running = () => query.data?.apps.filter(({ status, url }) => status === 'running' && url) ?? []

  async function install(name: string): Promise<void> {
    // How it goes is told above the list, however far down it was chosen.
    scrollTo({ top: 0 })
    const there = app(name) || (await act(AddMutation, { instance: props.instance, name }))
    if (there) await act(DeployMutation, { instance: props.instance, app: name })
  }

  return (
    <Loaded query={query}>
      {() => (
        <div class="grid gap-4">
          <For each={running()}>
            {({ name, title, url }) => (
              <section class="card contours p-6 flex flex-wrap gap-4 items-center" aria-label={texts.ready(title)}>
                <img src={`/icons/apps/${name}.svg`} alt="" class="size-14 rounded-xl" />
                <div class="grow min-w-0">
                  <h3 class="font-semibold text-lg">{texts.ready(title)}</h3>
                  <p class="text-quiet text-sm wrap-anywhere">{url}</p>
                </div>
                <a
                  class="inline-flex items-center gap-1.5 rounded-control bg-accent text-on-accent px-3.5 py-2 text-sm font-medium"
                  href={url!}
                  target="_blank"
                  rel="noreferrer"
                >
                  {texts.openIt(title)} <Icon name="external" class="size-4" />
                </a>
              </section>
            )}
          </For>
          <Show when={running().length}>
            <p class="text-quiet text-sm max-w-[68ch]">
              {texts.names}{' '}
              <A class="link" href="/dns">
                {texts.toNames}
              </A>
            </p>
            <ToOverview instance={props.instance} kind="main" />
          </Show>
          <For each={works().filter((work) => isAtWork(work) || app(work.target ?? '')?.status !== 'running')}>
            {(work) => (
              <div class="card p-5">
                <WorkLine work={work} />
              </div>
            )}
          </For>
          <ul class="grid gap-3 sm:grid-cols-2">
            <For each={offered().filter(({ name }) => app(name)?.status !== 'running')}>
              {(each) => (
                <li class="card p-4 flex flex-col gap-3">
                  <div class="flex gap-3 items-center">
                    <img src={`/icons/apps/${each.name}.svg`} alt="" class="size-10 rounded-lg" />
                    <div class="min-w-0">
                      <h3 class="font-semibold">{each.title}</h3>
                      <p class="text-quiet text-small">{each.category}</p>
                    </div>
                  </div>
                  <p class="text-sm grow">{each.description}</p>
                  <Show when={brings(each.dependencies)}>
                    {(titles) => <p class="text-quiet text-small">{texts.brings(titles())}</p>}
                  </Show>
                  <div>
                    <Button disabled={busy()} onClick={() => install(each.name)}>
                      {texts.install(each.title)}
                    </Button>
                  </div>
                </li>
              )}
            </For>
          </ul>
          <Show when={!running().length}>
            <ToOverview instance={props.instance} kind="plain" />
          </Show>
        </div>
      )}
    </Loaded>
  )
}

/** The end of the way: beside the app that is ready, else below those to choose from. */
function ToOverview(props: { instance: string; kind: 'main' | 'plain' }) {
  return (
    <div>
      <LinkButton href={`/instances/${props.instance}`} kind={props.kind}>
        {texts.done}
      </LinkButton>
    </div>
  )
}
