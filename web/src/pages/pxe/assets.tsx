import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { saveLarge } from '../../graphql/rest.ts'
import { pxeText } from '../../strings/pxe.ts'
import { confirm } from '../../ui/confirm.tsx'
import { Button } from '../../ui/parts.tsx'
import { bytes } from '../../ui/time.ts'
import { showFailure } from '../../ui/toasts.tsx'

const DeleteMutation = graphql(
  'mutation DeleteAssets($ids: [String!]!, $force: Boolean) { deleteBootAssets(ids: $ids, force: $force) }',
)

interface Asset {
  id: string
  savedName: string
  path: string
  size: number
  usedBy: string[]
}

const texts = pxeText.assets

/** The files machines boot from, as far as they are here. */
export function Assets(props: { assets: Asset[]; instances: string[] }) {
  const total = () => props.assets.reduce((sum, { size }) => sum + size, 0)

  async function remove(asset: Asset): Promise<void> {
    const lines = texts.removeLines(bytes(asset.size), asset.usedBy)
    if (await confirm({ title: texts.removeTitle(asset.id), lines, action: texts.remove, danger: true }))
      await act(DeleteMutation, { ids: [asset.id] })
  }

  return (
    <section class="card p-5" aria-labelledby="assets">
      <h2 id="assets" class="font-semibold text-lg">
        {texts.title} <Show when={total()}>{(size) => <span class="text-quiet text-base">{bytes(size())}</span>}</Show>
      </h2>
      <Show
        when={props.assets.length}
        fallback={
          <p class="text-quiet mt-1 flex flex-wrap gap-x-3">
            {texts.none}
            <For each={props.instances}>
              {(instance) => (
                <A class="link" href={`/instances/${instance}/image`}>
                  {texts.imageOf(instance)}
                </A>
              )}
            </For>
          </p>
        }
      >
        <ul class="divide-y divide-line mt-2">
          <For each={props.assets}>
            {(asset) => (
              <li class="py-2 flex flex-wrap gap-x-4 gap-y-1 items-center">
                <div class="min-w-0 grow basis-64">
                  <span class="wrap-anywhere">{asset.id}</span>{' '}
                  <span class="text-quiet text-sm">{[bytes(asset.size), ...asset.usedBy].join(' · ')}</span>
                  <code class="block text-xs text-quiet break-all">{asset.path}</code>
                </div>
                <Button
                  kind="quiet"
                  aria-label={texts.saveIt(asset.id)}
                  onClick={() => saveLarge(`/pxe/assets/${asset.id}/file`, asset.savedName, showFailure)}
                >
                  {texts.save}
                </Button>
                <Button kind="danger" aria-label={texts.removeIt(asset.id)} onClick={() => remove(asset)}>
                  {texts.remove}
                </Button>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  )
}
