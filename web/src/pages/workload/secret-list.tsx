import { For, type JSX, Show } from 'solid-js'
import { workload as texts } from '../../strings/workload.ts'
import { Badge } from '../../ui/parts.tsx'

/** A secret as the manifest of an app or service declares it. */
export interface Secret {
  path: string
  kind: keyof typeof texts.secretKinds
  optional: boolean
  description: string | null
}

/** The secrets of an app or service: where each comes from, how it stands, and below it what a person can do. */
export function SecretList<S extends Secret>(props: {
  of: S[]
  /** How it stands, in a word or two; empty when there is nothing to say. */
  state(secret: S): string
  children(secret: S): JSX.Element
}) {
  return (
    <Show when={props.of.length}>
      <section class="card p-5 min-w-0" aria-label={texts.secrets}>
        <h2 class="font-semibold mb-3">{texts.secrets}</h2>
        <ul class="grid gap-4">
          <For each={props.of}>
            {(secret) => (
              <li class="min-w-0">
                <div class="flex flex-wrap gap-x-2 gap-y-1 items-center text-sm">
                  <code class="break-all">{secret.path}</code>
                  <Badge text={texts.secretKinds[secret.kind]} />
                  <span class="text-quiet text-small">
                    {[props.state(secret), secret.optional ? texts.optional : ''].filter(Boolean).join(', ')}
                  </span>
                </div>
                {props.children(secret)}
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  )
}
