import { type JSX, Show } from 'solid-js'

/** One of several ways, with what it means below. Those of one `group` exclude each other. */
export function Choice(props: { group: string; title: string; about?: string; checked: boolean; choose(): void }) {
  return (
    <Explained
      title={props.title}
      about={props.about}
      input={{ type: 'radio', name: props.group, checked: props.checked, onChange: () => props.choose() }}
    />
  )
}

/** Something that is wanted or not, with what it means below. */
export function Check(props: {
  title: JSX.Element
  about?: string
  checked: boolean
  onChange(wanted: boolean): void
}) {
  return (
    <Explained
      title={props.title}
      about={props.about}
      input={{
        type: 'checkbox',
        checked: props.checked,
        onChange: (event) => props.onChange(event.currentTarget.checked),
      }}
    />
  )
}

function Explained(props: { input: JSX.InputHTMLAttributes<HTMLInputElement>; title: JSX.Element; about?: string }) {
  return (
    <label class="flex gap-2 items-start">
      <input class="mt-1" {...props.input} />
      <span class="min-w-0 wrap-anywhere">
        {props.title}
        <Show when={props.about}>
          <span class="block text-sm text-quiet">{props.about}</span>
        </Show>
      </span>
    </label>
  )
}
