import { A } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createLiveQuery } from '../../graphql/live-query.ts'
import { saveLarge } from '../../graphql/rest.ts'
import { image } from '../../strings/image.ts'
import { Button, FailureNotice, ProgressBar } from '../../ui/parts.tsx'
import { preview } from '../../ui/plan.tsx'
import { bytes } from '../../ui/time.ts'
import { showFailure } from '../../ui/toasts.tsx'
import { type Architecture, ArchitectureChoice } from './architecture.tsx'

const FilesQuery = graphql(`
  query ImageFiles {
    bootAssets { id kind architecture version schematicId savedName size }
    operations(type: "pxe.download", status: running, limit: 10) { operationId title progress message }
  }
`)
const GetMutation = graphql(
  'mutation GetIso($instance: String!, $architecture: Architecture, $kinds: [BootAssetKind!]) { downloadBootAssets(instance: $instance, architecture: $architecture, kinds: $kinds) { operationId } }',
)

const texts = image.stick

/** Asks which files are here, and which are on their way. They belong to the device, and so does the work. */
export const createFiles = () =>
  createLiveQuery(
    FilesQuery,
    () => ({}),
    ({ kind, instance }) => kind === 'lan' || (kind === 'operation' && !instance),
  )

/** The ISO image of an instance: got here, saved by the browser, and how it comes to a stick. */
export function UsbStick(props: {
  instance: string
  version: string | null
  schematicId: string | null
  files: ReturnType<typeof createFiles>
}) {
  const [architecture, setArchitecture] = createSignal<Architecture>('amd64')
  const iso = () =>
    props.files.data?.bootAssets.find(
      (file) =>
        file.kind === 'iso' &&
        file.architecture === architecture() &&
        file.version === props.version &&
        file.schematicId === props.schematicId,
    )
  const running = () => props.files.data?.operations ?? []

  async function get(): Promise<void> {
    const input = { instance: props.instance, architecture: architecture(), kinds: ['iso' as const] }
    if (await preview({ type: 'pxe.download', input })) await act(GetMutation, input)
  }

  return (
    <section class="card p-5 grid gap-4" aria-labelledby="stick">
      <div>
        <h2 id="stick" class="font-semibold text-lg">
          {texts.title}
        </h2>
        <p class="text-quiet max-w-[68ch]">{texts.about}</p>
      </div>
      <Show when={props.files.failure}>{(failure) => <FailureNotice failure={failure()} />}</Show>
      <ArchitectureChoice group="stick" value={architecture()} onChange={setArchitecture} />
      <Show
        when={iso()}
        fallback={
          <div class="grid gap-2 justify-items-start">
            <Button icon="disk" disabled={props.files.loading || running().length > 0} onClick={get}>
              {texts.get}
            </Button>
            <p class="text-quiet text-sm">{texts.getAbout}</p>
          </div>
        }
      >
        {(file) => (
          <div class="grid gap-2 justify-items-start">
            <Button
              kind="main"
              icon="disk"
              onClick={() => saveLarge(`/pxe/assets/${file().id}/file`, file().savedName, showFailure)}
            >
              {texts.save(bytes(Number(file().size)))}
            </Button>
            <code class="text-xs text-quiet break-all">{file().id}</code>
          </div>
        )}
      </Show>
      <For each={running()}>
        {(operation) => (
          <A class="block" href={`/operations/${operation.operationId}`}>
            <span class="flex justify-between gap-3 text-sm mb-1.5">
              <span class="link min-w-0 wrap-anywhere">{operation.title}</span>
              <span class="text-quiet tabular-nums">{operation.progress} %</span>
            </span>
            <ProgressBar value={operation.progress} label={operation.title} />
          </A>
        )}
      </For>
      <div>
        <h3 class="font-semibold">{texts.how}</h3>
        <ol class="mt-2 grid gap-2 list-decimal pl-5 max-w-[68ch]">
          <For each={texts.steps}>
            {([what, command]) => (
              <li>
                {what}
                <Show when={command}>
                  <code class="block mt-1 text-sm wrap-anywhere">{command}</code>
                </Show>
              </li>
            )}
          </For>
          <li>
            {texts.appears}{' '}
            <A class="link" href={`/instances/${props.instance}/nodes`}>
              {texts.nodes}
            </A>
          </li>
        </ol>
      </div>
    </section>
  )
}
