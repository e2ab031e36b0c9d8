import { useNavigate } from '@solidjs/router'
import { createSignal } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createRefusal } from '../../graphql/refusal.ts'
import { instancesText } from '../../strings/instances.ts'
import { Check } from '../../ui/choice.tsx'
import { Field } from '../../ui/field.tsx'
import { type HomeFile, readFolder } from './home-files.ts'
import { TakeOverForm } from './take-over.tsx'

const ImportMutation = graphql(
  'mutation ImportPocHome($name: String!, $files: [HomeFileInput!]!, $dryRun: Boolean) { importPocHome(name: $name, files: $files, dryRun: $dryRun) { instance report { verdict path message } } }',
)
const AdoptMutation = graphql(
  'mutation AdoptPocHome($name: String!, $files: [HomeFileInput!]!, $dryRun: Boolean) { adoptCluster(name: $name, files: $files, dryRun: $dryRun) { instance report { verdict path message } } }',
)

const { fromHome } = instancesText

/** Makes an instance of the folder the old scripts kept; with the cluster it belongs to, when that runs. */
export default function ImportHome() {
  const navigate = useNavigate()
  const [name, setName] = createSignal('')
  const [files, setFiles] = createSignal<HomeFile[]>()
  const [withCluster, setWithCluster] = createSignal(false)
  const { refuse, against, elsewhere } = createRefusal('name')

  async function choose(chosen: FileList | null): Promise<void> {
    refuse(undefined)
    setFiles(chosen?.length ? await readFolder(chosen) : undefined)
  }

  async function take(dryRun: boolean) {
    refuse(undefined)
    const given = { name: name(), files: files() ?? [], dryRun }
    if (withCluster()) return (await act(AdoptMutation, given, refuse))?.adoptCluster.report
    return (await act(ImportMutation, given, refuse))?.importPocHome.report
  }

  return (
    <TakeOverForm
      about={fromHome.about}
      texts={fromHome}
      ready={Boolean(files() && name())}
      given={[name(), files(), withCluster()]}
      failure={elsewhere()}
      take={take}
      done={() => navigate(`/instances/${name()}${withCluster() ? '/cluster' : ''}`)}
    >
      <Field
        label={fromHome.name}
        help={fromHome.nameHelp}
        value={name()}
        onInput={setName}
        problem={against('name')}
        placeholder={fromHome.nameExample}
      />
      <label class="grid gap-1 text-sm font-medium">
        {fromHome.folder}
        <input
          type="file"
          class="field"
          ref={(input) => {
            input.webkitdirectory = true
          }}
          onChange={(event) => choose(event.currentTarget.files)}
        />
      </label>
      <Check
        title={fromHome.withCluster}
        about={fromHome.withClusterAbout}
        checked={withCluster()}
        onChange={setWithCluster}
      />
    </TakeOverForm>
  )
}
