import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import type { LiveQuery } from '../../graphql/live-query.ts'
import { catalogPage as texts } from '../../strings/catalog.ts'
import { Fact, Loaded } from '../../ui/parts.tsx'
import { bytes } from '../../ui/time.ts'

interface Proposed {
  asTyped: { alongside: string[]; cores: number; memoryBytes: number; storageBytes: number }
}

/** What an app asks of the cluster, and the other apps it builds on. */
export function Needs(props: {
  instance: string
  app: { dependencies: string[] }
  added: string[]
  proposal: LiveQuery<Proposed>
}) {
  const at = (app: string) => `/instances/${props.instance}/apps/${props.added.includes(app) ? '' : 'catalog/'}${app}`
  /** Also those that what it needs needs. */
  const others = (alongside: string[]) => [...new Set([...props.app.dependencies, ...alongside])]
  // What is wrong with a setting is told at its field; the figures stay.
  const known = () => ({ ...props.proposal, failure: props.proposal.data ? undefined : props.proposal.failure })
  return (
    <section class="card p-5 min-w-0 max-lg:order-first" aria-label={texts.needs}>
      <h2 class="font-semibold mb-3">{texts.needs}</h2>
      <Loaded query={known()}>
        {({ asTyped: asked }) => (
          <>
            <dl class="grid gap-3 grid-cols-3 lg:grid-cols-1">
              <Fact name={texts.processor}>{asked.cores ? texts.cores(asked.cores) : texts.nothing}</Fact>
              <Fact name={texts.memory}>{asked.memoryBytes ? bytes(asked.memoryBytes) : texts.nothing}</Fact>
              <Fact name={texts.storage}>{asked.storageBytes ? bytes(asked.storageBytes) : texts.nothing}</Fact>
            </dl>
            <Show when={asked.alongside.length}>
              <p class="text-quiet text-small mt-2">{texts.together(asked.alongside.join(', '))}</p>
            </Show>
            <Show when={others(asked.alongside).length}>
              <h3 class="text-quiet text-small mt-4">{texts.dependencies}</h3>
              <ul class="grid gap-1 mt-0.5">
                <For each={others(asked.alongside)}>
                  {(name) => (
                    <li class="flex flex-wrap justify-between gap-x-2">
                      <A class="link" href={at(name)}>
                        {name}
                      </A>
                      <span class={props.added.includes(name) ? 'text-good' : 'text-warn'}>
                        {props.added.includes(name) ? texts.isThere : texts.comesToo}
                      </span>
                    </li>
                  )}
                </For>
              </ul>
            </Show>
          </>
        )}
      </Loaded>
    </section>
  )
}
