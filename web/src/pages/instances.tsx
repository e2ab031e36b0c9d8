import { A, useNavigate } from '@solidjs/router'
import { createSignal, For, Show } from 'solid-js'
import { act } from '../graphql/act.ts'
import type { Failure } from '../graphql/failure.ts'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { Field } from '../ui/field.tsx'
import { Button, FailureNotice, Loaded, PageHeader, Status } from '../ui/parts.tsx'
import { ImportForm } from './instances/import.tsx'
import { ImportHome } from './instances/import-home.tsx'
import { Trash } from './instances/trash.tsx'

const InstancesQuery = graphql(
  'query Instances { instances { name description status nodeCount serviceCount appCount } }',
)
const CreateMutation = graphql(
  'mutation CreateInstance($name: String!, $description: String, $config: JSON) { createInstance(name: $name, description: $description, config: $config) { name } }',
)

export default function InstancesPage() {
  const query = createLiveQuery(InstancesQuery, () => ({}))
  return (
    <>
      <PageHeader title="Instances" about="Each instance is one home cloud: its machines, its cluster, its apps." />
      <Loaded query={query}>
        {(data) => (
          <>
            <div class="grid gap-4 sm:grid-cols-2 lg:grid-cols-3 not-empty:mb-8">
              <For each={data.instances}>
                {(instance) => (
                  <A href={`/instances/${instance.name}`} class="card p-5 block hover:bg-raised">
                    <div class="flex justify-between items-center gap-2">
                      <h2 class="font-semibold text-lg min-w-0 wrap-anywhere">{instance.name}</h2>
                      <Status value={instance.status} />
                    </div>
                    <Show when={instance.description}>
                      <p class="text-quiet mt-1 wrap-anywhere">{instance.description}</p>
                    </Show>
                    <p class="text-quiet text-sm mt-3">
                      {count(instance.nodeCount, 'node')} · {count(instance.serviceCount, 'service')} ·{' '}
                      {count(instance.appCount, 'app')}
                    </p>
                  </A>
                )}
              </For>
            </div>
            <CreateForm first={data.instances.length === 0} />
            <ImportHome />
            <ImportForm />
            <Trash />
          </>
        )}
      </Loaded>
    </>
  )
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}

function CreateForm(props: { first: boolean }) {
  const navigate = useNavigate()
  const [name, setName] = createSignal(props.first ? 'home' : '')
  const [email, setEmail] = createSignal('')
  const [domain, setDomain] = createSignal('')
  const [busy, setBusy] = createSignal(false)
  const [refusal, setRefusal] = createSignal<Failure>()
  /** What the daemon said against a field, shown at that field; the rest is shown below. */
  const against = (field: string) => (refusal()?.details.field === field ? refusal()?.message : undefined)

  async function create(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    setRefusal(undefined)
    setBusy(true)
    const config = {
      ...(email() ? { operator: { email: email() } } : {}),
      ...(domain() ? { cloud: names(domain()) } : {}),
    }
    const done = await act(CreateMutation, { name: name(), description: '', config }, setRefusal)
    setBusy(false)
    if (done) navigate(`/instances/${done.createInstance.name}`)
  }

  return (
    <form class="card p-5 grid gap-4 max-w-xl" onSubmit={create} novalidate>
      <div>
        <h2 class="font-semibold text-lg">{props.first ? 'Create your first instance' : 'Create another instance'}</h2>
        <p class="text-quiet text-sm mt-1">
          Addresses and versions get defaults that fit this network. All of it can be changed later.
        </p>
      </div>
      <Field
        label="Name"
        help="Lower-case letters, digits and “-”."
        value={name()}
        onInput={setName}
        problem={against('name')}
        placeholder="home"
      />
      <Field
        label="Your domain"
        help={domain() ? `Apps get names such as ghost.${names(domain()).domain}.` : 'Apps get names below it.'}
        value={domain()}
        onInput={setDomain}
        placeholder="example.com"
      />
      <Field
        label="Your e-mail address"
        help="The certificate authority writes to it when something is wrong."
        type="email"
        value={email()}
        onInput={setEmail}
        placeholder="you@example.com"
      />
      <Show when={refusal()?.details.field !== 'name' && refusal()}>
        {(failure) => <FailureNotice failure={failure()} />}
      </Show>
      <div>
        <Button type="submit" kind="main" disabled={busy()}>
          Create instance
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
