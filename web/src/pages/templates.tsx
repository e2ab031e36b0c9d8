import { A, useParams } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { act } from '../graphql/act.ts'
import type { Failure } from '../graphql/failure.ts'
import { graphql } from '../graphql/graphql.ts'
import { templates } from '../strings/templates.ts'
import { Field } from '../ui/field.tsx'
import { Button, FailureNotice, PageHeader } from '../ui/parts.tsx'

const RenderMutation = graphql(`
  mutation RenderTemplates($instance: String!, $files: [TemplateFileInput!]!, $compare: Boolean, $secrets: Boolean) {
    renderTemplateFiles(instance: $instance, files: $files, compare: $compare, secrets: $secrets) {
      path text secret renderer state diff
    }
  }
`)

interface Shown {
  path: string
  text: string
  secret: boolean
  renderer: string
  state: string
  diff: string | null
}

/** Templates tried over the configuration of an instance: one that is typed, or a folder from this computer. */
export default function TemplatesPage() {
  const params = useParams<{ instance: string }>()
  const [name, setName] = createSignal('template.yaml')
  const [template, setTemplate] = createSignal('domain: {{ .cloud.domain }}\n')
  const [secrets, setSecrets] = createSignal(false)
  const [source, setSource] = createSignal<File[]>([])
  const [target, setTarget] = createSignal<File[]>([])
  const [results, setResults] = createSignal<Shown[]>()
  const [refusal, setRefusal] = createSignal<Failure>()

  async function run(files: { path: string; text: string; current?: string }[], compare: boolean): Promise<void> {
    setRefusal(undefined)
    setResults(undefined)
    const variables = { instance: params.instance, files, compare, secrets: secrets() }
    const done = await act(RenderMutation, variables, setRefusal)
    if (done) setResults(done.renderTemplateFiles)
  }

  async function runFolder(): Promise<void> {
    const there = new Map(target().map((file) => [within(file), file]))
    const files = []
    for (const file of source()) {
      const text = await file.text()
      // What is not text, or has nothing to fill in, would be copied as it is.
      if (text.includes('\0') || text.includes('\uFFFD') || !text.includes('{{')) continue
      const current = await there.get(within(file))?.text()
      files.push({ path: within(file), text, ...(current === undefined ? {} : { current }) })
    }
    if (files.length) await run(files, true)
    else setRefusal({ code: 'INVALID', message: templates.nothingToFill, details: {} })
  }

  return (
    <>
      <PageHeader
        title={templates.title}
        about={
          <>
            {templates.about}{' '}
            <A class="link" href={`/instances/${params.instance}/config`}>
              {templates.toConfig}
            </A>
          </>
        }
      />
      <form
        class="card p-4 grid gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          void run([{ path: name(), text: template() }], false)
        }}
      >
        <Field label={templates.name} help={templates.nameHelp} value={name()} onInput={setName} />
        <label class="grid gap-1 text-sm font-medium">
          {templates.template}
          <textarea
            class="field font-mono font-normal leading-6 h-48 whitespace-pre overflow-auto"
            spellcheck={false}
            value={template()}
            onInput={(event) => setTemplate(event.currentTarget.value)}
          />
        </label>
        <label class="flex gap-2 items-center text-sm">
          <input type="checkbox" checked={secrets()} onChange={(event) => setSecrets(event.currentTarget.checked)} />
          {templates.withSecrets}
        </label>
        <div>
          <Button kind="main" type="submit">
            {templates.render}
          </Button>
        </div>
      </form>
      <h2 class="font-semibold mt-8 mb-1">{templates.folder}</h2>
      <p class="text-quiet text-sm mb-3">
        {templates.folderAbout} {templates.inTerminal} <code>wild-cli template render-dir</code>
      </p>
      <div class="card p-4 grid gap-3">
        <FolderInput label={templates.source} onPick={setSource} />
        <FolderInput label={templates.target} onPick={setTarget} />
        <div>
          <Button disabled={source().length === 0} onClick={runFolder}>
            {templates.renderFolder}
          </Button>
        </div>
      </div>
      <section class="mt-6 grid gap-4" aria-label={templates.results} aria-live="polite">
        <Show when={refusal()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
        <For each={results()}>
          {(file) => (
            <section class="card p-4 min-w-0">
              <h3 class="font-medium wrap-anywhere">
                {file.path} <span class="text-quiet text-sm">{about(file)}</span>
              </h3>
              <pre class="mt-2 overflow-auto text-sm font-mono max-h-96">{file.diff ?? file.text}</pre>
            </section>
          )}
        </For>
      </section>
    </>
  )
}

function FolderInput(props: { label: string; onPick(files: File[]): void }) {
  return (
    <label class="grid gap-1 text-sm font-medium">
      {props.label}
      <input
        type="file"
        class="field"
        multiple
        ref={(input) => input.setAttribute('webkitdirectory', '')}
        onChange={(event) => props.onPick([...(event.currentTarget.files ?? [])])}
      />
    </label>
  )
}

/** Path within the folder that was picked. */
function within(file: File): string {
  return file.webkitRelativePath.split('/').slice(1).join('/') || file.name
}

function about(file: Shown): string {
  const { state, by, holdsSecret } = templates
  return [state(file.state), by(file.renderer), file.secret ? holdsSecret : ''].filter(Boolean).join(' · ')
}
