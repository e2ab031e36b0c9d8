import { A } from '@solidjs/router'
import { type JSX, Show, splitProps } from 'solid-js'
import { Icon, type IconName } from './icon.tsx'

type Kind = 'main' | 'plain' | 'danger' | 'quiet'

const looks: Record<Kind, string> = {
  main: 'bg-accent text-on-accent border-transparent shadow-rest hover:brightness-110',
  plain: 'bg-card border-edge shadow-rest hover:bg-raised',
  quiet: 'border-transparent text-accent hover:bg-raised',
  danger: 'bg-card border-bad/40 text-bad shadow-rest hover:bg-bad/10',
}
const shape =
  'inline-flex items-center justify-center gap-1.5 rounded-control border px-3 py-1.5 text-sm font-medium min-h-[2.125rem] transition-[background-color,filter] duration-100 disabled:opacity-50 disabled:cursor-not-allowed disabled:shadow-none'

type ButtonProps = JSX.ButtonHTMLAttributes<HTMLButtonElement> & { kind?: Kind; icon?: IconName }

/** One main button at most on a page: what a person most likely came for. */
export function Button(props: ButtonProps) {
  const [own, rest] = splitProps(props, ['kind', 'class', 'icon', 'children'])
  return (
    <button type="button" {...rest} class={`${shape} ${looks[own.kind ?? 'plain']} ${own.class ?? ''}`}>
      <Show when={own.icon}>{(name) => <Icon name={name()} class="size-4 -ml-0.5" />}</Show>
      {own.children}
    </button>
  )
}

/** A link that looks like a button: it leads to where something is done. */
export function LinkButton(props: { href: string; kind?: Kind; icon?: IconName; children: JSX.Element }) {
  return (
    <A href={props.href} class={`${shape} ${looks[props.kind ?? 'plain']}`}>
      <Show when={props.icon}>{(name) => <Icon name={name()} class="size-4 -ml-0.5" />}</Show>
      {props.children}
    </A>
  )
}

/** A button with a drawing alone; `label` says what it does. */
export function IconButton(props: {
  icon: IconName
  label: string
  onClick(event: MouseEvent): void
  class?: string
  expanded?: boolean
}) {
  return (
    <button
      type="button"
      class={`grid place-items-center size-9 rounded-control text-quiet hover:text-text hover:bg-raised ${props.class ?? ''}`}
      aria-label={props.label}
      aria-expanded={props.expanded}
      title={props.label}
      onClick={(event) => props.onClick(event)}
    >
      <Icon name={props.icon} />
    </button>
  )
}
