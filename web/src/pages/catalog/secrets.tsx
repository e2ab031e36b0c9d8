import { Show } from 'solid-js'
import { catalogPage as texts } from '../../strings/catalog.ts'
import { Field } from '../../ui/field.tsx'
import { type Secret, SecretList } from '../workload/secret-list.tsx'

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
    <SecretList of={all()} state={(secret) => (props.isSet(secret.path) && !asked(secret) ? texts.isSet : '')}>
      {(secret) => (
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
      )}
    </SecretList>
  )
}
