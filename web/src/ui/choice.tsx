import { Show } from 'solid-js'

/** One of several ways, with what it means below. Those of one `group` exclude each other. */
export function Choice(props: { group: string; title: string; about?: string; checked: boolean; choose(): void }) {
  return (
    <label class="flex gap-2 items-start">
      <input type="radio" name={props.group} class="mt-1" checked={props.checked} onChange={() => props.choose()} />
      <span>
        {props.title}
        <Show when={props.about}>
          <span class="block text-sm text-quiet">{props.about}</span>
        </Show>
      </span>
    </label>
  )
}
