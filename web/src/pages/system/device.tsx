import { For, Show } from 'solid-js'
import { graphql } from '../../graphql/graphql.ts'
import { createLiveQuery } from '../../graphql/live-query.ts'
import { system } from '../../strings/system.ts'
import { Fact } from '../../ui/figures.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Loaded, Section } from '../../ui/page.tsx'
import { Status } from '../../ui/status.tsx'
import { bytes } from '../../ui/time.ts'
import { DeviceMeters } from '../overview/pictures.tsx'

const SystemQuery = graphql(`
  query System {
    status {
      version
      uptime
      dataDirectory
      mirror
      node
      device { name diskFree diskTotal memoryFree memoryTotal load bytesWritten problems }
      tools { name required path version problem }
    }
  }
`)

/** The daemon, the device it runs on, and the programs it uses. */
export function Device() {
  const query = createLiveQuery(
    SystemQuery,
    () => ({}),
    () => false,
  )
  return (
    <Loaded query={query}>
      {({ status }) => (
        <>
          <For each={status.device.problems}>{(problem) => <Notice tone="warn">{problem}</Notice>}</For>
          <div class="grid gap-4 lg:grid-cols-2">
            <dl class="card p-5 grid gap-4 grid-cols-2">
              <Fact name={system.version}>{status.version}</Fact>
              <Fact name={system.upFor}>{status.uptime.replace(/(\d+)([hms])/g, '$1 $2 ').trim()}</Fact>
              <Fact name={system.node}>{status.node}</Fact>
              <Fact name={system.load}>{status.device.load.toFixed(2)}</Fact>
              <Show when={status.device.bytesWritten}>
                {(written) => <Fact name={system.written}>{bytes(Number(written()))}</Fact>}
              </Show>
              <Show when={status.mirror}>
                <Fact name={system.mirror}>{status.mirror}</Fact>
              </Show>
              <Fact name={system.data} class="col-span-2">
                <code class="text-sm break-all">{status.dataDirectory}</code>
              </Fact>
            </dl>
            <DeviceMeters of={status.device} />
          </div>
          <Section title={system.tools}>
            <ul class="card divide-y divide-line">
              <For each={status.tools}>
                {(tool) => (
                  <li class="px-4 py-3 flex justify-between items-start gap-4">
                    <span class="min-w-0">
                      <span class="font-medium">{tool.name}</span> <span class="text-quiet">{tool.version}</span>
                      <span class="block text-quiet text-sm wrap-anywhere">{tool.problem ?? tool.path}</span>
                    </span>
                    <Status value={tool.problem ? (tool.required ? 'failing' : 'optional') : 'healthy'} />
                  </li>
                )}
              </For>
            </ul>
          </Section>
        </>
      )}
    </Loaded>
  )
}
