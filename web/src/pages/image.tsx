import { useParams } from '@solidjs/router'
import { Show } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { about, createLiveQuery } from '../graphql/live-query.ts'
import { Fact, Loaded, Notice, PageHeader } from '../ui/parts.tsx'
import { DownloadForm } from './image/download.tsx'
import { createExtensions, SchematicForm } from './image/schematic.tsx'

const ImageQuery = graphql(
  `query Image($instance: String!) {
    talosSchematic(instance: $instance) { version schematicId computedId yaml extensions kernelArguments }
  }`,
)

/** What is built into the Talos image of an instance, and the files made of it. */
export default function ImagePage() {
  const params = useParams<{ instance: string }>()
  const query = createLiveQuery(
    ImageQuery,
    () => ({ instance: params.instance }),
    about(() => params.instance),
  )
  const offered = createExtensions(() => params.instance)
  return (
    <>
      <PageHeader
        title="Image"
        about="What is built into Talos on new machines. Machines that run keep their image until they are upgraded."
      />
      <Loaded query={query}>
        {(data) => (
          <div class="grid gap-5">
            <dl class="card p-5 grid gap-4 sm:grid-cols-[1fr_3fr]">
              <Fact name="Talos version">{data.talosSchematic.version ?? 'not set'}</Fact>
              <Fact name="Schematic">
                <code class="text-sm break-all">{data.talosSchematic.schematicId ?? 'not set'}</code>
              </Fact>
            </dl>
            <Show when={data.talosSchematic.schematicId && !data.talosSchematic.yaml}>
              <Notice tone="warn">
                Only the id of the schematic is known, not what is in it. What you save here takes its place.
              </Notice>
            </Show>
            <Show
              when={
                data.talosSchematic.computedId && data.talosSchematic.computedId !== data.talosSchematic.schematicId
              }
            >
              <Notice tone="warn">
                The id in the config belongs to another schematic. Save this one to take over its own id:{' '}
                <code class="break-all">{data.talosSchematic.computedId}</code>
              </Notice>
            </Show>
            <SchematicForm instance={params.instance} schematic={data.talosSchematic} offered={offered} />
            <DownloadForm instance={params.instance} />
          </div>
        )}
      </Loaded>
    </>
  )
}
