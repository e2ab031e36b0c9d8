import { A, useParams } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { Fact, Loaded, PageHeader, Status } from '../ui/parts.tsx'
import { Running } from '../ui/running.tsx'
import { ago, duration } from '../ui/time.ts'

const OverviewQuery = graphql(`
  query Overview($instance: String!) {
    instance(instance: $instance) { name description status nodeCount serviceCount appCount missing configPath createdAt }
    operations(instance: $instance, limit: 6) { operationId title status completedAt startedAt createdAt }
  }
`)

interface Next {
  text: string
  href: string
  link: string
}

export default function OverviewPage() {
  const params = useParams<{ instance: string }>()
  const query = createLiveQuery(
    OverviewQuery,
    () => ({ instance: params.instance }),
    () => params.instance,
  )

  function next(data: {
    missing: string[]
    nodeCount: number
    status: string
    serviceCount: number
    appCount: number
  }): Next | undefined {
    const at = `/instances/${params.instance}`
    if (data.missing.length)
      return {
        text: `Still to be set: ${data.missing.join(', ')}.`,
        href: `${at}/config`,
        link: 'Open the configuration',
      }
    if (data.nodeCount === 0)
      return {
        text: 'No machines yet. Boot them with Talos on this network, then look for them.',
        href: `${at}/nodes`,
        link: 'Find machines',
      }
    if (data.status === 'configured')
      return {
        text: 'The machines are set up. Bootstrap the cluster next.',
        href: `${at}/cluster`,
        link: 'Open the cluster',
      }
    if (data.status === 'ready' && data.serviceCount === 0)
      return {
        text: 'The cluster runs. Core services give it addresses, names, certificates and storage.',
        href: `${at}/services`,
        link: 'Install services',
      }
    if (data.status === 'ready' && data.appCount === 0)
      return { text: 'Everything is there for your first app.', href: `${at}/apps`, link: 'Choose an app' }
    return undefined
  }

  return (
    <Loaded query={query}>
      {(data) => (
        <>
          <PageHeader title={data.instance.name} about={data.instance.description}>
            <Status value={data.instance.status} />
          </PageHeader>
          <Running instance={params.instance} />
          <Show when={next(data.instance)}>
            {(step) => (
              <div class="card p-5 mb-5 border-l-4 border-l-accent">
                <p>{step().text}</p>
                <A class="text-accent underline mt-2 inline-block" href={step().href}>
                  {step().link}
                </A>
              </div>
            )}
          </Show>
          <dl class="card p-5 grid gap-4 grid-cols-2 sm:grid-cols-4 mb-5">
            <Fact name="Nodes">{data.instance.nodeCount}</Fact>
            <Fact name="Services">{data.instance.serviceCount}</Fact>
            <Fact name="Apps">{data.instance.appCount}</Fact>
            <Fact name="Created">{ago(data.instance.createdAt)}</Fact>
          </dl>
          <h2 class="font-semibold mb-2">Latest operations</h2>
          <Show when={data.operations.length} fallback={<p class="text-quiet">Nothing has run yet.</p>}>
            <ul class="card divide-y divide-line">
              <For each={data.operations}>
                {(operation) => (
                  <li>
                    <A
                      href={`/operations/${operation.operationId}`}
                      class="flex flex-wrap justify-between gap-2 px-4 py-3 hover:bg-raised"
                    >
                      <span>{operation.title}</span>
                      <span class="flex gap-4 items-center text-sm text-quiet">
                        {ago(operation.createdAt)}, {duration(operation.startedAt, operation.completedAt)}
                        <Status value={operation.status} busy />
                      </span>
                    </A>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        </>
      )}
    </Loaded>
  )
}
