import { useNavigate } from '@solidjs/router'
import { createSignal, createUniqueId, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createRefusal } from '../../graphql/refusal.ts'
import { instancesText } from '../../strings/instances.ts'
import { Field } from '../../ui/field.tsx'
import { TakeOverForm } from './take-over.tsx'

const AdoptMutation = graphql(`
  mutation AdoptCluster($name: String!, $talosconfig: String!, $kubeconfig: String!, $secrets: String, $dryRun: Boolean) {
    adoptCluster(name: $name, talosconfig: $talosconfig, kubeconfig: $kubeconfig, secrets: $secrets, dryRun: $dryRun) {
      instance report { verdict path message }
    }
  }
`)

const { adopt } = instancesText

/** Makes an instance of a cluster that was made by hand. */
export default function AdoptForm() {
  const navigate = useNavigate()
  const [given, setGiven] = createSignal({ name: '', talosconfig: '', kubeconfig: '', secrets: '' })
  const { refuse, against, elsewhere } = createRefusal('name', 'talosconfig', 'kubeconfig', 'secrets')
  const give = (field: keyof ReturnType<typeof given>) => (value: string) =>
    setGiven((now) => ({ ...now, [field]: value }))

  async function take(dryRun: boolean) {
    refuse(undefined)
    const { secrets, ...rest } = given()
    const done = await act(AdoptMutation, { ...rest, secrets: secrets || null, dryRun }, refuse)
    return done?.adoptCluster.report
  }

  return (
    <TakeOverForm
      about={adopt.about}
      texts={adopt}
      ready={Boolean(given().name && given().talosconfig && given().kubeconfig)}
      given={given()}
      failure={elsewhere()}
      take={take}
      done={() => navigate(`/instances/${given().name}/cluster`)}
    >
      <Field
        label={adopt.name}
        help={adopt.nameHelp}
        value={given().name}
        onInput={give('name')}
        problem={against('name')}
        placeholder={adopt.nameExample}
      />
      <TextFile
        label={adopt.talosconfig}
        help={adopt.talosconfigHelp}
        onText={give('talosconfig')}
        problem={against('talosconfig')}
      />
      <TextFile
        label={adopt.kubeconfig}
        help={adopt.kubeconfigHelp}
        onText={give('kubeconfig')}
        problem={against('kubeconfig')}
      />
      <TextFile label={adopt.secrets} help={adopt.secretsHelp} onText={give('secrets')} problem={against('secrets')} />
    </TakeOverForm>
  )
}

/** The text of a file, chosen or pasted. What was chosen is not shown: such files hold keys. */
function TextFile(props: { label: string; help: string; onText(text: string): void; problem?: string }) {
  const id = createUniqueId()
  const [chosen, setChosen] = createSignal<string>()
  const described = () => ({
    'aria-invalid': props.problem ? ('true' as const) : undefined,
    'aria-describedby': `${id}-help`,
  })

  async function choose(file: File | undefined): Promise<void> {
    setChosen(file?.name)
    props.onText(file ? await file.text() : '')
  }

  return (
    <fieldset class="grid gap-1 min-w-0">
      <legend class="text-sm font-medium mb-1">{props.label}</legend>
      <input
        type="file"
        class="field"
        aria-label={adopt.asFile(props.label)}
        {...described()}
        onChange={(event) => choose(event.currentTarget.files?.[0])}
      />
      <Show when={!chosen()}>
        <textarea
          class="field font-mono text-sm"
          rows={2}
          aria-label={adopt.asText(props.label)}
          placeholder={adopt.paste}
          spellcheck={false}
          {...described()}
          onInput={(event) => props.onText(event.currentTarget.value)}
        />
      </Show>
      <span id={`${id}-help`} class="text-sm" classList={{ 'text-bad': !!props.problem, 'text-quiet': !props.problem }}>
        <Show when={props.problem} fallback={props.help}>
          <span role="alert">{props.problem}</span>
        </Show>
      </span>
    </fieldset>
  )
}
