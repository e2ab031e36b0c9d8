import { A, useNavigate } from '@solidjs/router'
import { createSignal, For } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { image } from '../../strings/image.ts'
import { Button } from '../../ui/parts.tsx'
import { PreviewButton } from '../../ui/plan.tsx'

const DownloadMutation = graphql(
  'mutation DownloadAssets($instance: String, $architecture: Architecture, $kinds: [BootAssetKind!]) { downloadBootAssets(instance: $instance, architecture: $architecture, kinds: $kinds) { operationId } }',
)

const architectures = ['amd64', 'arm64'] as const
const bootKinds = ['kernel', 'initramfs', 'cmdline', 'loader'] as const

/** Gets the files that machines boot from, for the instance's version and schematic. */
export function DownloadForm(props: { instance: string }) {
  const navigate = useNavigate()
  const [architecture, setArchitecture] = createSignal<(typeof architectures)[number]>('amd64')
  const [iso, setIso] = createSignal(false)
  const input = () => ({
    instance: props.instance,
    architecture: architecture(),
    kinds: [...bootKinds, ...(iso() ? (['iso'] as const) : [])],
  })

  async function download(): Promise<void> {
    const done = await act(DownloadMutation, input())
    if (done) navigate(`/operations/${done.downloadBootAssets.operationId}`)
  }

  return (
    <section class="card p-5 grid gap-4" aria-labelledby="download">
      <div>
        <h2 id="download" class="font-semibold text-lg">
          {image.files}
        </h2>
        <p class="text-quiet">
          {image.filesAbout}{' '}
          <A class="link" href="/pxe">
            {image.filesHere}
          </A>
        </p>
      </div>
      <fieldset class="flex flex-wrap gap-x-5 gap-y-2">
        <legend class="text-sm font-medium mb-1">{image.machines}</legend>
        <For each={architectures}>
          {(one) => (
            <label class="flex gap-2 items-center">
              <input
                type="radio"
                name="architecture"
                checked={architecture() === one}
                onChange={() => setArchitecture(one)}
              />
              {image.architectures[one]}
            </label>
          )}
        </For>
        <label class="flex gap-2 items-center">
          <input type="checkbox" checked={iso()} onChange={() => setIso(!iso())} />
          {image.isoToo}
        </label>
      </fieldset>
      <div class="flex flex-wrap gap-2">
        <Button kind="main" onClick={download}>
          {image.download}
        </Button>
        <PreviewButton of={{ type: 'pxe.download', input: input() }} go={download} />
      </div>
    </section>
  )
}
