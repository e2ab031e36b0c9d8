import { For, Show } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { Fact, Loaded, PageHeader, Status } from '../ui/parts.tsx'

const SystemQuery = graphql(
  'query System { status { version uptime instances dataDirectory mirror node tools { name required path version problem } } }',
)

export default function SystemPage() {
  const query = createLiveQuery(
    SystemQuery,
    () => ({}),
    () => false,
  )
  return (
    <>
      <PageHeader title="System" about="This daemon and the programs it uses.">
        <a class="link" href="/graphql" target="_self">
          API explorer
        </a>
      </PageHeader>
      <Loaded query={query}>
        {(data) => (
          <>
            <dl class="card p-5 grid gap-4 grid-cols-2 sm:grid-cols-3 mb-5">
              <Fact name="Version">{data.status.version}</Fact>
              <Fact name="Up for">{data.status.uptime}</Fact>
              <Fact name="Node">{data.status.node}</Fact>
              <Fact name="Data" class="col-span-2 sm:col-span-1">
                <code class="text-sm break-all">{data.status.dataDirectory}</code>
              </Fact>
              <Show when={data.status.mirror}>
                <Fact name="Mirror in use" class="col-span-2 sm:col-span-1">
                  {data.status.mirror}
                </Fact>
              </Show>
            </dl>
            <h2 class="font-semibold mb-2">Tools</h2>
            <ul class="card divide-y divide-line">
              <For each={data.status.tools}>
                {(tool) => (
                  <li class="px-4 py-3 flex justify-between gap-4">
                    <span class="min-w-0">
                      <span class="font-medium">{tool.name}</span> <span class="text-quiet">{tool.version}</span>
                      <span class="block text-quiet text-sm wrap-anywhere">{tool.problem ?? tool.path}</span>
                    </span>
                    <Status value={tool.problem ? (tool.required ? 'failing' : 'optional') : 'healthy'} />
                  </li>
                )}
              </For>
            </ul>
          </>
        )}
      </Loaded>
    </>
  )
}
