import { A, useNavigate } from '@solidjs/router'
import { createSignal } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { image } from '../../strings/image.ts'
import { Button } from '../../ui/parts.tsx'
import { PreviewButton } from '../../ui/plan.tsx'
import { type Architecture, ArchitectureChoice } from './architecture.tsx'

const DownloadMutation = graphql(
  'mutation DownloadAssets($instance: String, $architecture: Architecture, $kinds: [BootAssetKind!]) { downloadBootAssets(instance: $instance, architecture: $architecture, kinds: $kinds) { operationId } }',
)

const bootKinds = ['kernel', 'initramfs', 'cmdline', 'loader'] as const

/** Gets the files that machines boot from, for the instance's version and schematic. */
export function DownloadForm(props: { instance: string }) {
  const navigate = useNavigate()
  const [architecture, setArchitecture] = createSignal<Architecture>('amd64')
  const input = () => ({
    instance: props.instance,
    architecture: architecture(),
    kinds: [...bootKinds],
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
      <ArchitectureChoice group="architecture" value={architecture()} onChange={setArchitecture} />
      <div class="flex flex-wrap gap-2">
        <Button kind="main" onClick={download}>
          {image.download}
        </Button>
        <PreviewButton of={{ type: 'pxe.download', input: input() }} go={download} />
      </div>
    </section>
  )
}
