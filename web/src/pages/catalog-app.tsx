import { A, useParams } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { about, createLiveQuery } from '../graphql/live-query.ts'
import { catalogPage as texts } from '../strings/catalog.ts'
import { Badge, FailureNotice, Notice, PageHeader, Section, Skeleton } from '../ui/parts.tsx'
import { PlanView } from '../ui/plan.tsx'
import { AddForm } from './catalog/form.tsx'
import { Needs } from './catalog/needs.tsx'
import { Writes } from './catalog/writes.tsx'

const EntryQuery = graphql(`
  query CatalogEntry($instance: String!, $app: String!) {
    catalogApp(app: $app) {
      name title description version category dependencies links
      settings { name type title help choices default }
      secrets { path kind optional description }
    }
    apps(instance: $instance) { name }
    secretList(instance: $instance) { secrets { path set } }
  }
`)
const ProposalQuery = graphql(`
  query Proposal($instance: String!, $app: String!, $config: JSON!) {
    untouched: appProposal(instance: $instance, app: $app) { values }
    asTyped: appProposal(instance: $instance, app: $app, config: $config) {
      values alongside missingSecrets cores memoryBytes storageBytes
    }
  }
`)

/** An app of the catalog: what it is, what it needs and would change, and the form that adds it. */
export default function CatalogAppPage() {
  const params = useParams<{ instance: string; app: string }>()
  return (
    // Another app begins anew: nothing typed for the one before stays.
    <Show when={`${params.instance} ${params.app}`} keyed>
      <CatalogEntry instance={params.instance} app={params.app} />
    </Show>
  )
}

function CatalogEntry(props: { instance: string; app: string }) {
  const of = () => ({ instance: props.instance, app: props.app })
  const mine = about(() => props.instance)
  const entry = createLiveQuery(EntryQuery, of, mine)
  /** What is typed into the form, at each key. */
  const [typed, setTyped] = createSignal<Record<string, string>>({})
  // Apart: where a setting is missing there is no proposal, but an app to read about all the same.
  const proposal = createLiveQuery(ProposalQuery, () => ({ ...of(), config: typed() }), mine, { keep: true })
  /** The same once a field was left: what takes longer to work out waits for it. */
  const [config, setConfig] = createSignal<Record<string, string>>({})
  const added = () => entry.data?.apps.some(({ name }) => name === props.app) ?? false
  const isSet = (path: string) => entry.data?.secretList.secrets.some((each) => each.path === path && each.set) ?? false

  return (
    <>
      <Show
        when={entry.data?.catalogApp}
        fallback={
          <>
            <PageHeader title={props.app} />
            <Show when={entry.failure} fallback={<Skeleton />}>
              {(failure) => (
                <FailureNotice
                  failure={failure()}
                  elsewhere={{ href: `/instances/${props.instance}/apps`, text: texts.back }}
                />
              )}
            </Show>
          </>
        }
      >
        {(app) => (
          <>
            <Header app={app()} />
            <Show when={added()}>
              <Notice tone="accent">
                {texts.there(app().title)}{' '}
                <A class="link" href={`/instances/${props.instance}/apps/${props.app}`}>
                  {texts.open}
                </A>
              </Notice>
            </Show>
            <Show when={!added()}>
              <div class="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem] items-start">
                <AddForm
                  instance={props.instance}
                  app={app()}
                  proposal={proposal.data}
                  isSet={isSet}
                  onTyped={setTyped}
                  onSettled={setConfig}
                />
                <Needs
                  instance={props.instance}
                  app={app()}
                  added={entry.data!.apps.map(({ name }) => name)}
                  proposal={proposal}
                />
              </div>
            </Show>
          </>
        )}
      </Show>
      <Show when={!entry.failure && !added()}>
        <Section title={texts.writes} about={texts.writesAbout}>
          <Writes {...of()} config={config()} />
        </Section>
        <Section title={texts.changes}>
          <div class="card p-5 min-w-0">
            <PlanView of={{ type: 'app.deploy', input: { ...of(), add: true, config: config() } }} />
          </div>
        </Section>
      </Show>
    </>
  )
}

interface Described {
  name: string
  title: string
  description: string
  version: string
  category: string
  links: unknown
}

function Header(props: { app: Described }) {
  const links = () => Object.entries((props.app.links ?? {}) as Record<string, string>)
  return (
    <div class="flex gap-4 items-start">
      <img src={`/icons/apps/${props.app.name}.svg`} alt="" class="size-12 sm:size-14 rounded-xl mt-0.5 shrink-0" />
      <div class="grow min-w-0">
        <PageHeader
          title={props.app.title}
          about={
            <>
              <p class="text-text">{props.app.description}</p>
              <p class="flex flex-wrap gap-x-3 gap-y-1.5 items-center mt-2">
                <Badge text={props.app.category} />
                <Badge text={props.app.version} />
                <For each={links()}>
                  {([name, href]) => (
                    <a class="link text-sm" href={href} target="_blank" rel="noreferrer">
                      {name}
                    </a>
                  )}
                </For>
              </p>
            </>
          }
        />
      </div>
    </div>
  )
}
