import { For, Show } from 'solid-js'
import { catalogPage as texts } from '../../strings/catalog.ts'
import { Field } from '../../ui/field.tsx'
import { Badge } from '../../ui/parts.tsx'

/** A secret as the app's manifest declares it. */
export interface Secret {
  path: string
  kind: keyof typeof texts.kinds
  optional: boolean
  description: string | null
}

/** The secrets of an app: what is made for it, and a field for each one only a person knows and nobody gave yet. */
export function Secrets(props: {
  of: Secret[]
  /** Paths it cannot start without, also those of the apps it brings along. */
  missing: string[]
  isSet(path: string): boolean
  given: Record<string, string>
  /** Those that were left empty although it cannot start without them. */
  lacks: string[]
  onInput(path: string, text: string): void
}) {
  const all = (): Secret[] => [
    ...props.of,
    ...props.missing
      .filter((path) => !props.of.some((secret) => secret.path === path))
      .map((path) => ({ path, kind: 'supplied' as const, optional: false, description: null })),
  ]
  const asked = (secret: Secret) =>
    secret.kind === 'supplied' && (props.missing.includes(secret.path) || !props.isSet(secret.path))
  return (
    <Show when={all().length}>
      <section class="card p-5 min-w-0" aria-label={texts.secrets}>
        <h2 class="font-semibold mb-3">{texts.secrets}</h2>
        <ul class="grid gap-3">
          <For each={all()}>
            {(secret) => (
              <li class="min-w-0">
                <div class="flex flex-wrap gap-x-2 gap-y-1 items-center text-sm">
                  <code class="break-all">{secret.path}</code>
                  <Badge text={texts.kinds[secret.kind]} />
                  <span class="text-quiet text-small">
                    {[
                      props.isSet(secret.path) && !asked(secret) ? texts.isSet : '',
                      secret.optional ? texts.optional : '',
                    ]
                      .filter(Boolean)
                      .join(', ')}
                  </span>
                </div>
                <Show when={asked(secret)}>
                  <div class="mt-2 max-w-xl">
                    <Field
                      label={texts.give(secret.path)}
                      type="password"
                      help={secret.description ?? undefined}
                      value={props.given[secret.path] ?? ''}
                      problem={props.lacks.includes(secret.path) ? texts.wanted : undefined}
                      onInput={(text) => props.onInput(secret.path, text)}
                    />
                  </div>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </section>
    </Show>
  )
}
