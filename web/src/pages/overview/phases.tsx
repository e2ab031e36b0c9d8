import { A, useParams } from '@solidjs/router'
import { For, type JSX, Show } from 'solid-js'
import { Hint } from '../../ui/parts.tsx'

/** One phase as the daemon judges it. */
export interface Phase {
  name: 'setup' | 'infrastructure' | 'cluster' | 'services' | 'apps'
  complete: boolean
  checks: { name: string; ok: boolean; message: string; remedy: string | null }[]
}

/** What a phase is called, and the page where it is worked on. */
const places: Record<Phase['name'], { title: string; path: string; link: string }> = {
  setup: { title: 'Settings', path: '/config', link: 'See all settings' },
  infrastructure: { title: 'Machines', path: '/nodes', link: 'Find machines and set them up' },
  cluster: { title: 'Cluster', path: '/cluster', link: 'Bootstrap the cluster' },
  services: { title: 'Services', path: '/services', link: 'Install services' },
  apps: { title: 'Apps', path: '/apps', link: 'Choose an app' },
}

/** A phase that has nothing to check yet is not complete either. */
const nothingAdded = { name: 'apps', ok: false, message: 'Nothing was added yet.', remedy: 'wild-cli app catalog' }

function missingOf({ checks }: Phase): Phase['checks'] {
  return checks.length ? checks.filter(({ ok }) => !ok) : [nothingAdded]
}

/**
 * The way from an empty instance to the first app: what is done, and for everything that is missing what helps.
 * `children` belong to the settings.
 */
export function Phases(props: { phases: Phase[]; children: JSX.Element }) {
  const next = () => props.phases.find(({ complete }) => !complete)
  const later = () => props.phases.filter((phase) => !phase.complete && phase.name !== next()?.name)
  return (
    <section class="card p-5 mb-5" aria-label="What is next">
      <ol class="flex flex-wrap gap-x-6 gap-y-2 text-sm mb-4">
        <For each={props.phases}>
          {(phase, index) => (
            <li
              class="flex gap-2 items-center"
              classList={{
                'text-good': phase.complete,
                'text-quiet': !phase.complete && phase.name !== next()?.name,
              }}
              aria-current={phase.name === next()?.name ? 'step' : undefined}
            >
              <span
                class="size-6 rounded-full grid place-items-center text-xs font-semibold"
                classList={{
                  'bg-accent text-on-accent': phase.name === next()?.name,
                  'bg-raised': phase.name !== next()?.name,
                }}
                aria-hidden="true"
              >
                {phase.complete ? '✓' : index() + 1}
              </span>
              <span classList={{ 'font-medium': phase.name === next()?.name }}>{places[phase.name].title}</span>
              <span class="sr-only">{phase.complete ? ': done' : ''}</span>
            </li>
          )}
        </For>
      </ol>
      <Show when={next()}>
        {(phase) => (
          <>
            <Missing phase={phase()} />
            <Show when={phase().name === 'setup'}>{props.children}</Show>
          </>
        )}
      </Show>
      <Show when={later().length}>
        <details class="mt-4">
          <summary class="cursor-pointer text-quiet text-sm">What comes after that</summary>
          <div class="grid gap-4 mt-3">
            <For each={later()}>
              {(phase) => (
                <div>
                  <h3 class="font-medium mb-1">{places[phase.name].title}</h3>
                  <Missing phase={phase} />
                </div>
              )}
            </For>
          </div>
        </details>
      </Show>
    </section>
  )
}

/** What a phase lacks, each with the command that helps, and the page where it is done. */
function Missing(props: { phase: Phase }) {
  const params = useParams<{ instance: string }>()
  return (
    <>
      <ul class="grid gap-2" aria-label={`Missing: ${places[props.phase.name].title}`}>
        <For each={missingOf(props.phase)}>
          {(check) => (
            <li class="wrap-anywhere">
              <span class="font-medium">{check.name}</span>: {check.message}
              <Show when={check.remedy}>{(remedy) => <Hint text={remedy()} />}</Show>
            </li>
          )}
        </For>
      </ul>
      <A class="link mt-2 inline-block" href={`/instances/${params.instance}${places[props.phase.name].path}`}>
        {places[props.phase.name].link}
      </A>
    </>
  )
}
