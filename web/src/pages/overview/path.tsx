import { A, useParams } from '@solidjs/router'
import { For, type JSX, Show } from 'solid-js'

/** How far an instance is, as the daemon counts it. */
interface Progress {
  missing: string[]
  nodeCount: number
  status: string
  serviceCount: number
  appCount: number
}

interface Stage {
  title: string
  done: boolean
  text: string
  path: string
  link: string
}

const bootstrapped = ['ready', 'degraded', 'unreachable']

function stages(of: Progress): Stage[] {
  return [
    {
      title: 'Settings',
      done: of.missing.length === 0,
      text: 'A few things only you can know.',
      path: '/config',
      link: 'See all settings',
    },
    {
      title: 'Machines',
      done: of.nodeCount > 0 && of.status !== 'initialized',
      text: 'Boot your machines with Talos on this network, find them, and set up one or three as control planes.',
      path: '/nodes',
      link: of.nodeCount ? 'To the nodes' : 'Find machines',
    },
    {
      title: 'Cluster',
      done: bootstrapped.includes(of.status),
      text: 'The machines are set up. Starting the cluster makes them one.',
      path: '/cluster',
      link: 'Bootstrap the cluster',
    },
    {
      title: 'Services',
      done: of.serviceCount > 0,
      text: 'The cluster runs. Core services give it addresses, names, certificates and storage.',
      path: '/services',
      link: 'Install services',
    },
    {
      title: 'Apps',
      done: of.appCount > 0,
      text: 'Everything is there for your first app.',
      path: '/apps',
      link: 'Choose an app',
    },
  ]
}

/** True when nothing of the way is left. */
export function isComplete(of: Progress): boolean {
  return stages(of).every(({ done }) => done)
}

/** The way from an empty instance to the first app: what is done, what is next. `children` belong to the settings. */
export function Path(props: { of: Progress; children: JSX.Element }) {
  const params = useParams<{ instance: string }>()
  const all = () => stages(props.of)
  const next = () => all().find(({ done }) => !done)
  return (
    <section class="card p-5 mb-5" aria-label="What is next">
      <ol class="flex flex-wrap gap-x-6 gap-y-2 text-sm mb-4">
        <For each={all()}>
          {(stage, index) => (
            <li
              class="flex gap-2 items-center"
              classList={{ 'text-good': stage.done, 'text-quiet': !stage.done && stage.title !== next()?.title }}
              aria-current={stage.title === next()?.title ? 'step' : undefined}
            >
              <span
                class="size-6 rounded-full grid place-items-center text-xs font-semibold"
                classList={{
                  'bg-accent text-on-accent': stage.title === next()?.title,
                  'bg-raised': stage.title !== next()?.title,
                }}
                aria-hidden="true"
              >
                {stage.done ? '✓' : index() + 1}
              </span>
              <span classList={{ 'font-medium': stage.title === next()?.title }}>{stage.title}</span>
              <span class="sr-only">{stage.done ? ': done' : ''}</span>
            </li>
          )}
        </For>
      </ol>
      <Show when={next()}>
        {(stage) => (
          <>
            <p>{stage().text}</p>
            <Show when={stage().title === 'Settings'}>{props.children}</Show>
            <A class="link mt-2 inline-block" href={`/instances/${params.instance}${stage().path}`}>
              {stage().link}
            </A>
          </>
        )}
      </Show>
    </section>
  )
}
