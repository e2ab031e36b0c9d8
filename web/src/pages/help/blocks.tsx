import { A } from '@solidjs/router'
import { For, type JSX, Match, Switch } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { help } from '../../strings/help.ts'
import { CopyForHelp } from '../../ui/parts.tsx'
import type { Block, Inline } from './model.ts'

/** The pieces of a page of help. They are drawn one by one: no text ever becomes HTML. */
export function Blocks(props: { of: readonly Block[] }) {
  return <For each={props.of}>{(block) => <Piece of={block} />}</For>
}

function Piece(props: { of: Block }): JSX.Element {
  const block = props.of
  switch (block.kind) {
    case 'heading':
      return (
        <Dynamic
          component={`h${block.level}`}
          id={block.id}
          class={`scroll-mt-20 font-semibold mt-8 mb-2 ${block.level === 2 ? 'text-heading' : ''}`}
        >
          <Line of={block.children} />
        </Dynamic>
      )
    case 'paragraph':
      return (
        <p class="my-3">
          <Line of={block.children} />
        </p>
      )
    case 'code':
      return <Code text={block.text} />
    case 'quote':
      return (
        <blockquote class="border-l-2 border-edge pl-4 my-3 text-quiet">
          <Blocks of={block.children} />
        </blockquote>
      )
    case 'list':
      return (
        <Dynamic
          component={block.ordered ? 'ol' : 'ul'}
          class={`my-3 pl-5 grid gap-2 [&_p]:my-0 ${block.ordered ? 'list-decimal' : 'list-disc'} marker:text-quiet`}
        >
          <For each={block.items}>
            {(item) => (
              <li>
                <Blocks of={item} />
              </li>
            )}
          </For>
        </Dynamic>
      )
    case 'table':
      return <Table head={block.head} rows={block.rows} />
  }
}

/** Commands: they wrap, so that nobody scrolls sideways, and are copied as they were written. */
function Code(props: { text: string }) {
  return (
    <div class="card my-3 flex items-start gap-2">
      <pre class="grow min-w-0 text-small leading-6 whitespace-pre-wrap wrap-anywhere px-4 py-3">{props.text}</pre>
      <div class="p-1">
        <CopyForHelp text={props.text} label={help.copy} />
      </div>
    </div>
  )
}

/** A table; on a phone each row is a block of its own. */
function Table(props: { head: Inline[][]; rows: Inline[][][] }) {
  return (
    <table class="card my-4 w-full text-sm max-sm:block">
      <thead class="text-left text-quiet max-sm:sr-only">
        <tr>
          <For each={props.head}>
            {(cell) => (
              <th class="font-normal px-3 py-2 border-b border-line">
                <Line of={cell} />
              </th>
            )}
          </For>
        </tr>
      </thead>
      <tbody class="max-sm:block">
        <For each={props.rows}>
          {(row) => (
            <tr class="border-b border-line last:border-0 align-top max-sm:block max-sm:py-2">
              <For each={row}>
                {(cell) => (
                  <td class="px-3 py-2 wrap-anywhere max-sm:block max-sm:py-0.5 max-sm:empty:hidden">
                    <Line of={cell} />
                  </td>
                )}
              </For>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  )
}

function Line(props: { of: readonly Inline[] }) {
  return <For each={props.of}>{(piece) => <Words of={piece} />}</For>
}

function Words(props: { of: Inline }): JSX.Element {
  const piece = props.of
  switch (piece.kind) {
    case 'text':
      return piece.text
    case 'code':
      return <code class="rounded bg-raised px-1 py-0.5 wrap-anywhere">{piece.text}</code>
    case 'strong':
      return (
        <strong class="font-semibold">
          <Line of={piece.children} />
        </strong>
      )
    case 'em':
      return (
        <em>
          <Line of={piece.children} />
        </em>
      )
    case 'link':
      return <Link href={piece.href}>{<Line of={piece.children} />}</Link>
  }
}

function Link(props: { href?: string; children: JSX.Element }) {
  return (
    <Switch fallback={<span title={help.inRepository}>{props.children}</span>}>
      <Match when={props.href?.startsWith('http') && props.href}>
        {(href) => (
          <a class="link" href={href()} target="_blank" rel="noreferrer">
            {props.children}
          </a>
        )}
      </Match>
      <Match when={props.href}>
        {(href) => (
          <A class="link" href={href()}>
            {props.children}
          </A>
        )}
      </Match>
    </Switch>
  )
}
