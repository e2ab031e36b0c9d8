import { createSignal, For, type JSX, Show } from 'solid-js'
import { graphql } from '../../graphql/graphql.ts'
import { createLiveFeed } from '../../graphql/live-feed.ts'
import { createLiveQuery } from '../../graphql/live-query.ts'
import { clusterText } from '../../strings/cluster.ts'
import { createClock } from '../../ui/clock.ts'
import { Loaded, Status } from '../../ui/parts.tsx'
import { ago } from '../../ui/time.ts'

const texts = clusterText.health

const HealthFeed = graphql(`
  subscription ClusterHealth($instance: String!) {
    clusterHealth(instance: $instance) {
      status
      checkedAt
      checks { name status message remedy since }
      certificates { name kind expiresAt problem }
    }
  }
`)
const EventsQuery = graphql(`
  query ClusterHealthEvents($instance: String!) {
    clusterHealthEvents(instance: $instance, limit: 20) { name status message at }
  }
`)

/** How the cluster is, live: each check with since when it is so, certificates with their ends, what changed. */
export function ClusterHealth(props: { instance: string }) {
  const feed = createLiveFeed(HealthFeed, () => ({ instance: props.instance }))
  const now = createClock(10_000)
  return (
    <Loaded query={feed}>
      {({ clusterHealth: health }) => (
        <>
          <div class="flex flex-wrap items-baseline gap-x-3 mb-2">
            <h2 class="font-semibold">{texts.title}</h2>
            <Status value={health.status} />
            <Show when={health.checkedAt}>
              {(at) => (
                <span class="text-quiet text-sm ml-auto">
                  {texts.lookedAt} <time datetime={at()}>{ago(at(), now())}</time>
                </span>
              )}
            </Show>
          </div>
          <ul class="card divide-y divide-line" aria-label={texts.checks}>
            <For each={health.checks}>
              {(check) => (
                <li class="px-4 py-3 flex justify-between gap-4">
                  <span class="min-w-0 wrap-anywhere">
                    <span class="font-medium">{check.name}</span>
                    <span class="block text-quiet text-sm">{check.message}</span>
                    <Show when={check.remedy}>
                      <span class="block text-sm mt-1">{check.remedy}</span>
                    </Show>
                  </span>
                  <span class="shrink-0 text-right">
                    <Status value={check.status} />
                    <Show when={check.status !== 'passing' && check.since}>
                      {(since) => (
                        <time class="block text-quiet text-sm" datetime={since()} title={since()}>
                          {texts.since(ago(since(), now()))}
                        </time>
                      )}
                    </Show>
                  </span>
                </li>
              )}
            </For>
          </ul>
          <Certificates certificates={health.certificates} />
          <History instance={props.instance} />
        </>
      )}
    </Loaded>
  )
}

interface Certificate {
  name: string
  kind: string
  expiresAt: string | null
  problem: string | null
}

/** A part of the page that is opened when wanted. */
function Fold(props: { title: string; open?: () => void; children: JSX.Element }) {
  return (
    <details class="card mt-4" onToggle={(event) => event.currentTarget.open && props.open?.()}>
      <summary class="px-4 py-3 cursor-pointer font-medium">{props.title}</summary>
      {props.children}
    </details>
  )
}

function Certificates(props: { certificates: Certificate[] }) {
  return (
    <Show when={props.certificates.length > 0}>
      <Fold title={texts.certificates(props.certificates.length)}>
        <ul class="divide-y divide-line border-t border-line">
          <For each={props.certificates}>
            {({ name, expiresAt, problem }) => (
              <li class="px-4 py-2 flex flex-wrap justify-between gap-x-4 text-sm">
                <span class="min-w-0 wrap-anywhere">{name}</span>
                <span class="text-quiet">
                  {problem ?? ''} {expiresAt ? texts.ends(new Date(expiresAt).toLocaleDateString()) : ''}
                </span>
              </li>
            )}
          </For>
        </ul>
      </Fold>
    </Show>
  )
}

function History(props: { instance: string }) {
  const [opened, setOpened] = createSignal(false)
  return (
    <Fold title={texts.changed} open={() => setOpened(true)}>
      <Show when={opened()}>
        <Events instance={props.instance} />
      </Show>
    </Fold>
  )
}

function Events(props: { instance: string }) {
  const now = createClock(10_000)
  const query = createLiveQuery(
    EventsQuery,
    () => ({ instance: props.instance }),
    (news) => news.instance === props.instance,
  )
  return (
    <div class="border-t border-line">
      <Loaded query={query}>
        {({ clusterHealthEvents: events }) => (
          <Show when={events.length > 0} fallback={<p class="px-4 py-3 text-quiet text-sm">{texts.nothing}</p>}>
            <ul class="divide-y divide-line">
              <For each={events}>
                {({ name, status, message, at }) => (
                  <li class="px-4 py-2 text-sm flex flex-wrap justify-between gap-x-4">
                    <span class="min-w-0 wrap-anywhere">
                      <span class="font-medium">{name}</span> <Status value={status} />
                      <span class="block text-quiet">{message}</span>
                    </span>
                    <time class="text-quiet" datetime={at} title={at}>
                      {ago(at, now())}
                    </time>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </Loaded>
    </div>
  )
}
