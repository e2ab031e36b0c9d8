import { useParams } from '@solidjs/router'
import { Show } from 'solid-js'
import { graphql } from '../graphql/graphql.ts'
import { about, createLiveQuery } from '../graphql/live-query.ts'
import { image } from '../strings/image.ts'
import { Fact, Loaded, Notice, PageHeader } from '../ui/parts.tsx'
import { DownloadForm } from './image/download.tsx'
import { createExtensions, SchematicForm } from './image/schematic.tsx'
import { createFiles, UsbStick } from './image/usb-stick.tsx'

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
  const files = createFiles()
  return (
    <>
      <PageHeader title={image.title} about={image.about} />
      <Loaded query={query}>
        {(data) => (
          <div class="grid gap-5">
            <dl class="card p-5 grid gap-4 sm:grid-cols-[1fr_3fr]">
              <Fact name={image.version}>{data.talosSchematic.version ?? image.notSet}</Fact>
              <Fact name={image.schematic}>
                <code class="text-sm break-all">{data.talosSchematic.schematicId ?? image.notSet}</code>
              </Fact>
            </dl>
            <Show when={data.talosSchematic.schematicId && !data.talosSchematic.yaml}>
              <Notice tone="warn">{image.onlyId}</Notice>
            </Show>
            <Show
              when={
                data.talosSchematic.computedId && data.talosSchematic.computedId !== data.talosSchematic.schematicId
              }
            >
              <Notice tone="warn">
                {image.otherId} <code class="break-all">{data.talosSchematic.computedId}</code>
              </Notice>
            </Show>
            <SchematicForm instance={params.instance} schematic={data.talosSchematic} offered={offered} />
            <UsbStick
              instance={params.instance}
              version={data.talosSchematic.version}
              schematicId={data.talosSchematic.schematicId}
              files={files}
            />
            <DownloadForm instance={params.instance} />
          </div>
        )}
      </Loaded>
    </>
  )
}
