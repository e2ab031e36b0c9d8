import { For, Show } from 'solid-js'
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

const words: Record<string, string> = {
  script: 'was told what to do',
  kernel: 'loads',
  booted: 'has everything and starts',
  turned_away: 'was sent on to its own disk',
  missing: 'waits in vain: files are missing',
}

/** Machines that boot from here, as it happens. */
export function Boots(props: { boots: Boot[]; enabled: boolean }) {
  const now = createClock(10_000)
  return (
    <section class="card p-5" aria-labelledby="boots">
      <h2 id="boots" class="font-semibold text-lg">
        Boots
      </h2>
      <Show
        when={props.boots.length}
        fallback={
          <p class="text-quiet mt-1">
            {props.enabled
              ? 'No machine yet. Start one from its network card; it appears here at once.'
              : 'Switch network boot on, then start a machine from its network card.'}
          </p>
        }
      >
        <ul class="divide-y divide-line mt-2" aria-live="polite">
          <For each={props.boots}>
            {(boot) => (
              <li class="py-2 flex flex-wrap gap-x-4 items-center">
                <code>{boot.mac}</code>
                <span class="text-quiet">
                  {boot.ip}, {boot.architecture}
                </span>
                <span>{[boot.instance, words[boot.stage]].filter(Boolean).join(': ')}</span>
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
