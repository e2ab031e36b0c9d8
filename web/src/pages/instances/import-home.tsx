import { useNavigate } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createRefusal } from '../../graphql/refusal.ts'
import { instancesText } from '../../strings/instances.ts'
import { Field } from '../../ui/field.tsx'
import { Button, FailureNotice } from '../../ui/parts.tsx'
import { Report, type ReportLine } from './report.tsx'

const ImportMutation = graphql(
  'mutation ImportPocHome($name: String!, $files: [HomeFileInput!]!, $dryRun: Boolean) { importPocHome(name: $name, files: $files, dryRun: $dryRun) { instance report { verdict path message } } }',
)

const { fromHome } = instancesText

/** Folders that hold copies and downloads; they are named and not read. */
const bulky = new Set(['.git', '.wildcloud', 'docs', 'backup', 'backups'])
const largestFile = 512 * 1024

interface HomeFile {
  path: string
  text?: string
}

/** Makes an instance of the folder the old scripts kept: first a look at what would become of it, then the import. */
export default function ImportHome() {
  const navigate = useNavigate()
  const [name, setName] = createSignal('')
  const [files, setFiles] = createSignal<HomeFile[]>()
  const [report, setReport] = createSignal<ReportLine[]>()
  const { refuse, against, elsewhere } = createRefusal('name')
  const [busy, setBusy] = createSignal(false)

  async function choose(chosen: FileList | null): Promise<void> {
    setReport(undefined)
    refuse(undefined)
    setFiles(chosen?.length ? await readFiles(chosen) : undefined)
  }

  async function send(dryRun: boolean): Promise<void> {
    refuse(undefined)
    setBusy(true)
    const done = await act(ImportMutation, { name: name(), files: files() ?? [], dryRun }, refuse)
    setBusy(false)
    if (!done) return setReport(undefined)
    if (!dryRun) return navigate(`/instances/${name()}`)
    setReport(done.importPocHome.report)
  }

  return (
    <form
      class="grid gap-4 mt-4"
      novalidate
      onSubmit={(event) => {
        event.preventDefault()
        send(report() === undefined)
      }}
    >
      <p class="text-quiet text-sm">{fromHome.about}</p>
      <Field
        label={fromHome.name}
        help={fromHome.nameHelp}
        value={name()}
        onInput={(value) => {
          setName(value)
          setReport(undefined)
        }}
        problem={against('name')}
        placeholder={fromHome.nameExample}
      />
      <label class="grid gap-1">
        <span class="font-medium">{fromHome.folder}</span>
        <input
          type="file"
          ref={(input) => {
            input.webkitdirectory = true
          }}
          onChange={(event) => choose(event.currentTarget.files)}
        />
      </label>
      <Show when={elsewhere()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
      <Show when={report()}>{(lines) => <Report lines={lines()} />}</Show>
      <div class="flex gap-2">
        <Button type="submit" kind={report() ? 'main' : undefined} disabled={busy() || !files() || !name()}>
          {report() ? fromHome.go : fromHome.look}
        </Button>
      </div>
    </form>
  )
}

/** The texts of a chosen folder, by their path within it. */
async function readFiles(chosen: FileList): Promise<HomeFile[]> {
  const named = new Set<string>()
  const files: HomeFile[] = []
  for (const file of chosen) {
    const parts = file.webkitRelativePath.split('/').slice(1)
    if (bulky.has(parts[0] ?? '')) {
      if (!named.has(parts[0]!)) files.push({ path: parts[0]! })
      named.add(parts[0]!)
    } else files.push({ path: parts.join('/'), ...(await textOf(file)) })
  }
  return files
}

async function textOf(file: File): Promise<{ text?: string }> {
  if (file.size > largestFile) return {}
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(await file.arrayBuffer()) }
  } catch {
    return {}
  }
}
