import { A, useNavigate } from '@solidjs/router'
import { createSignal, createUniqueId, For, Show } from 'solid-js'
import { act } from '../graphql/act.ts'
import { graphql } from '../graphql/graphql.ts'
import { createLiveQuery } from '../graphql/live-query.ts'
import { Button, Loaded, PageHeader, Status } from '../ui/parts.tsx'

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
            <div class="grid gap-4 sm:grid-cols-2 lg:grid-cols-3 mb-8">
              <For each={data.instances}>
                {(instance) => (
                  <A href={`/instances/${instance.name}`} class="card p-5 block hover:bg-raised">
                    <div class="flex justify-between items-center gap-2">
                      <h2 class="font-semibold text-lg break-all">{instance.name}</h2>
                      <Status value={instance.status} />
                    </div>
                    <Show when={instance.description}>
                      <p class="text-quiet mt-1">{instance.description}</p>
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
  const [name, setName] = createSignal('')
  const [email, setEmail] = createSignal('')
  const [domain, setDomain] = createSignal('')
  const [busy, setBusy] = createSignal(false)

  async function create(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    setBusy(true)
    const cloud = `cloud.${domain()}`
    const config = domain()
      ? {
          operator: { email: email() },
          cloud: { baseDomain: domain(), domain: cloud, internalDomain: `internal.${cloud}` },
        }
      : email()
        ? { operator: { email: email() } }
        : {}
    const done = await act(CreateMutation, { name: name(), description: '', config })
    setBusy(false)
    if (done) navigate(`/instances/${done.createInstance.name}`)
  }

  return (
    <form class="card p-5 grid gap-4 max-w-xl" onSubmit={create}>
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
        required
        pattern="[a-z0-9]([-a-z0-9]*[a-z0-9])?"
        placeholder="home"
      />
      <Field
        label="Your domain"
        help="Apps get names below cloud.<domain>."
        value={domain()}
        onInput={setDomain}
        placeholder="example.com"
      />
      <Field
        label="Your e-mail address"
        help="For certificates."
        type="email"
        value={email()}
        onInput={setEmail}
        placeholder="you@example.com"
      />
      <div>
        <Button type="submit" kind="main" disabled={busy() || !name()}>
          Create instance
        </Button>
      </div>
    </form>
  )
}

function Field(props: {
  label: string
  help: string
  value: string
  onInput(value: string): void
  placeholder?: string
  type?: string
  required?: boolean
  pattern?: string
}) {
  const id = createUniqueId()
  return (
    <div class="grid gap-1">
      <label class="text-sm font-medium" for={id}>
        {props.label}
      </label>
      <input
        id={id}
        class="field"
        type={props.type ?? 'text'}
        value={props.value}
        required={props.required}
        pattern={props.pattern}
        placeholder={props.placeholder}
        autocomplete="off"
        aria-describedby={`${id}-help`}
        onInput={(event) => props.onInput(event.currentTarget.value)}
      />
      <span id={`${id}-help`} class="text-quiet text-sm">
        {props.help}
      </span>
    </div>
  )
}
