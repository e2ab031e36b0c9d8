import { For, Show } from 'solid-js'
import { pxeText } from '../../strings/pxe.ts'
import { createClock } from '../../ui/clock.ts'
import { Status } from '../../ui/parts.tsx'
import { ago } from '../../ui/time.ts'

interface Boot {
  id: string
  mac: string
  ip: string
  architecture: string
  instance: string | null
  stage: string
  updatedAt: string
}

const texts = pxeText.boots

/** Machines that boot from here, as it happens. */
export function Boots(props: { boots: Boot[]; enabled: boolean }) {
  const now = createClock(10_000)
  return (
    <section class="card p-5" aria-labelledby="boots">
      <h2 id="boots" class="font-semibold text-lg">
        {texts.title}
      </h2>
      <Show
        when={props.boots.length}
        fallback={<p class="text-quiet mt-1">{props.enabled ? texts.none : texts.off}</p>}
      >
        <ul class="divide-y divide-line mt-2" aria-live="polite">
          <For each={props.boots}>
            {(boot) => (
              <li class="py-2 flex flex-wrap gap-x-4 items-center">
                <code>{boot.mac}</code>
                <span class="text-quiet">
                  {boot.ip}, {boot.architecture}
                </span>
                <span>{[boot.instance, texts.stages[boot.stage]].filter(Boolean).join(': ')}</span>
                <span class="ml-auto text-quiet text-sm">{ago(boot.updatedAt, now())}</span>
                <Status value={boot.stage} />
              </li>
            )}
          </For>
        </ul>
      </Show>
    </section>
  )
}
