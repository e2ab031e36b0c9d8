import { For } from 'solid-js'
import { createStore, reconcile } from 'solid-js/store'
import { createRefusal } from '../../graphql/refusal.ts'
import { type Setting, SettingField } from './setting-field.tsx'

/**
 * Settings of an app or service while they are filled in: what stands in each field, what differs from what was there,
 * and what was refused of it.
 */
export function createSettingsDraft<S extends Setting>(of: {
  settings(): S[]
  /** What stands in a field before anybody types there. */
  shown(setting: S): string
  /** What it is without this form, where that is not what is shown. */
  before?(setting: S): string
  /** Where they are in config.yaml, when their names are not whole paths: "apps.ghost." */
  below?: string
}) {
  const [typed, setTyped] = createStore<Record<string, string>>({})
  /** A setting as refusals name it: by itself, or by its path. */
  const namesOf = (name: string) => (of.below ? [name, of.below + name] : [name])
  const { refuse, against, elsewhere } = createRefusal(() => of.settings().flatMap(({ name }) => namesOf(name)))
  const before = of.before ?? of.shown
  return {
    settings: of.settings,
    textIn: (setting: S) => typed[setting.name] ?? of.shown(setting),
    problemOf: (name: string) => namesOf(name).map(against).find(Boolean),
    type: (name: string, text: string) => setTyped(name, text),
    /** What differs, by name. */
    changed: (): Record<string, string> =>
      Object.fromEntries(
        of.settings().flatMap((setting) => {
          const text = typed[setting.name]?.trim()
          return text === undefined || text === before(setting) ? [] : [[setting.name, text]]
        }),
      ),
    refuse,
    /** What no field can say. */
    elsewhere,
    undo(): void {
      setTyped(reconcile({}))
      refuse(undefined)
    },
  }
}

/** The fields of a draft, two in a row where there is room. */
export function SettingFields<S extends Setting>(props: { of: ReturnType<typeof createSettingsDraft<S>> }) {
  return (
    <div class="grid gap-4 sm:grid-cols-2 items-start">
      <For each={props.of.settings()}>
        {(setting) => (
          <SettingField
            of={setting}
            value={props.of.textIn(setting)}
            problem={props.of.problemOf(setting.name)}
            onInput={(text) => props.of.type(setting.name, text)}
          />
        )}
      </For>
    </div>
  )
}
