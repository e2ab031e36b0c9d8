import { documents } from 'virtual:help'
import { A, useLocation, useParams, useSearchParams } from '@solidjs/router'
import { createEffect, createMemo, For, Show } from 'solid-js'
import { help } from '../strings/help.ts'
import { Empty, Icon, PageHeader } from '../ui/parts.tsx'
import { Blocks } from './help/blocks.tsx'
import { type HelpDocument, plainText, textOf } from './help/model.ts'
import { partsOf, searchParts } from './help/search.ts'

const parts = partsOf(documents)
const mostHits = 30

/** The documentation of this version: a list with search, or one document of it. */
export default function HelpPage() {
  const params = useParams<{ document?: string }>()
  const open = () => documents.find(({ name }) => name === params.document)
  return (
    <Show when={params.document} fallback={<Start />}>
      <Show
        when={open()}
        keyed
        fallback={
          <>
            <PageHeader title={help.title} />
            <Empty title={help.missing} icon="help">
              <p>{help.missingAbout}</p>
              <A class="link" href="/help">
                {help.all}
              </A>
            </Empty>
          </>
        }
      >
        {(document) => <Reading of={document} />}
      </Show>
    </Show>
  )
}

function Start() {
  const [search, setSearch] = useSearchParams<{ q?: string }>()
  const hits = createMemo(() => searchParts(parts, search.q ?? '', mostHits))
  return (
    <>
      <PageHeader title={help.title} about={help.about} />
      <input
        class="field mb-5"
        type="search"
        aria-label={help.search}
        placeholder={help.search}
        value={search.q ?? ''}
        onInput={(event) => setSearch({ q: event.currentTarget.value || undefined }, { replace: true })}
      />
      <Show when={search.q?.trim()} fallback={<Documents />}>
        <p class="text-quiet text-sm mb-2" role="status">
          {help.found(hits().length)}
        </p>
        <ul class="grid gap-3" aria-label={help.results}>
          <For each={hits()}>
            {(hit) => (
              <li>
                <A class="card block p-4" href={`/help/${hit.document}${hit.heading ? `#${hit.heading.id}` : ''}`}>
                  <span class="font-medium">{hit.heading?.text ?? hit.title}</span>
                  <Show when={hit.heading}>
                    <span class="text-quiet text-sm"> · {hit.title}</span>
                  </Show>
                  <span class="block text-sm text-quiet wrap-anywhere">{hit.around}</span>
                </A>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </>
  )
}

function Documents() {
  const about = ({ blocks }: HelpDocument) => {
    const first = blocks.find(({ kind }) => kind === 'paragraph')
    return first ? textOf(first) : ''
  }
  return (
    <ul class="grid gap-3 sm:grid-cols-2" aria-label={help.documents}>
      <For each={documents}>
        {(document) => (
          <li>
            <A class="card block h-full p-4" href={`/help/${document.name}`}>
              <span class="font-medium flex items-center gap-2">
                {document.title}
                <Icon name="right" class="size-4 text-quiet" />
              </span>
              <span class="text-sm text-quiet mt-1 !line-clamp-3">{about(document)}</span>
            </A>
          </li>
        )}
      </For>
    </ul>
  )
}

function Reading(props: { of: HelpDocument }) {
  const location = useLocation()
  const headings = () => props.of.blocks.filter((block) => block.kind === 'heading' && block.level === 2)
  // The router does not scroll to a part of a page that was not drawn yet.
  createEffect(() => {
    const id = decodeURIComponent(location.hash.slice(1))
    queueMicrotask(() => (id ? document.getElementById(id)?.scrollIntoView() : window.scrollTo(0, 0)))
  })
  return (
    <>
      <p class="mb-3 text-sm">
        <A class="link inline-flex items-center gap-1" href="/help">
          <Icon name="back" class="size-4" />
          {help.all}
        </A>
      </p>
      <PageHeader title={props.of.title} />
      <div class="grid gap-8 xl:grid-cols-[minmax(0,1fr)_14rem] items-start">
        <article class="min-w-0 max-w-[46rem]">
          <Blocks of={props.of.blocks} />
        </article>
        <Show when={headings().length > 1}>
          <nav class="max-xl:hidden sticky top-6 text-sm" aria-label={help.onPage}>
            <p class="text-quiet mb-2">{help.onPage}</p>
            <ul class="grid gap-1.5">
              <For each={headings()}>
                {(block) =>
                  block.kind === 'heading' && (
                    <li>
                      <A class="link" href={`/help/${props.of.name}#${block.id}`}>
                        {plainText(block.children)}
                      </A>
                    </li>
                  )
                }
              </For>
            </ul>
          </nav>
        </Show>
      </div>
    </>
  )
}
