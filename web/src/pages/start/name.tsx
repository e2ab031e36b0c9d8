import { useNavigate } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createRefusal } from '../../graphql/refusal.ts'
import { start } from '../../strings/start.ts'
import { Field } from '../../ui/field.tsx'
import { Button, FailureNotice } from '../../ui/parts.tsx'

const CreateMutation = graphql(
  'mutation CreateInstance($name: String!, $description: String, $config: JSON) { createInstance(name: $name, description: $description, config: $config) { name } }',
)
const texts = start.name

/** The first station: what the instance is called, and below which domain its apps are found. */
export function NameForm(props: { first: boolean }) {
  const navigate = useNavigate()
  const [name, setName] = createSignal(props.first ? 'home' : '')
  const [email, setEmail] = createSignal('')
  const [domain, setDomain] = createSignal('')
  const [busy, setBusy] = createSignal(false)
  const { refuse, against, elsewhere } = createRefusal('name')

  async function create(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    refuse(undefined)
    setBusy(true)
    const config = {
      ...(email() ? { operator: { email: email() } } : {}),
      ...(domain() ? { cloud: names(domain()) } : {}),
    }
    const done = await act(CreateMutation, { name: name(), description: '', config }, refuse)
    setBusy(false)
    if (done) navigate(`/start/${done.createInstance.name}/network`)
  }

  return (
    <form class="card p-5 sm:p-6 grid gap-x-5 gap-y-4 sm:grid-cols-2 max-w-3xl" onSubmit={create} novalidate>
      <div class="sm:col-span-2">
        <h2 class="font-semibold text-heading">{props.first ? texts.first : texts.another}</h2>
        <p class="text-quiet text-sm mt-1">{texts.about}</p>
      </div>
      <Field
        label={texts.name}
        help={texts.nameHelp}
        value={name()}
        onInput={setName}
        problem={against('name')}
        placeholder={texts.nameExample}
      />
      <Field
        label={texts.domain}
        help={texts.domainHelp(domain() && names(domain()).domain)}
        value={domain()}
        onInput={setDomain}
        placeholder="example.com"
      />
      <Field
        label={texts.email}
        help={texts.emailHelp}
        type="email"
        value={email()}
        onInput={setEmail}
        placeholder="you@example.com"
      />
      <Show when={elsewhere()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
      <div class="sm:col-span-2">
        <Button type="submit" kind="main" disabled={busy()}>
          {texts.create}
        </Button>
      </div>
    </form>
  )
}

/** The three names of a cloud that follow from a person's domain. */
function names(baseDomain: string) {
  const domain = `cloud.${baseDomain}`
  return { baseDomain, domain, internalDomain: `internal.${domain}` }
}
