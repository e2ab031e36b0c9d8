import { A, useParams } from '@solidjs/router'
import { For, type JSX, Show } from 'solid-js'
import { overview } from '../../strings/overview.ts'
import { Hint } from '../../ui/parts.tsx'

/** One phase as the daemon judges it. */
export interface Phase {
  name: 'setup' | 'infrastructure' | 'cluster' | 'services' | 'apps'
  complete: boolean
  checks: { name: string; ok: boolean; message: string; remedy: string | null }[]
}

const texts = overview.phases

/** The page where each phase is worked on. */
const paths: Record<Phase['name'], string> = {
  setup: '/config',
  infrastructure: '/nodes',
  cluster: '/cluster',
  services: '/services',
  apps: '/apps',
}

/** What a phase is called. */
const title = (name: Phase['name']) => texts.names[name].title

/** A phase that has nothing to check yet is not complete either. */
const nothingAdded = { name: 'apps', ok: false, message: texts.nothingAdded, remedy: 'wild-cli app catalog' }

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
    <section class="card p-5 mb-5" aria-label={texts.label}>
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
              <span classList={{ 'font-medium': phase.name === next()?.name }}>{title(phase.name)}</span>
              <span class="sr-only">{phase.complete ? texts.done : ''}</span>
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
          <summary class="cursor-pointer text-quiet text-sm">{texts.later}</summary>
          <div class="grid gap-4 mt-3">
            <For each={later()}>
              {(phase) => (
                <div>
                  <h3 class="font-medium mb-1">{title(phase.name)}</h3>
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
      <ul class="grid gap-2" aria-label={texts.missing(title(props.phase.name))}>
        <For each={missingOf(props.phase)}>
          {(check) => (
            <li class="wrap-anywhere">
              <span class="font-medium">{check.name}</span>: {check.message}
              <Show when={check.remedy}>{(remedy) => <Hint text={remedy()} />}</Show>
            </li>
          )}
        </For>
      </ul>
      <A class="link mt-2 inline-block" href={`/instances/${params.instance}${paths[props.phase.name]}`}>
        {texts.names[props.phase.name].link}
      </A>
    </>
  )
}
