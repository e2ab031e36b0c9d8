import { createSignal, For, Show } from 'solid-js'
import { createStore } from 'solid-js/store'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { about, createLiveQuery } from '../../graphql/live-query.ts'
import { createRefusal } from '../../graphql/refusal.ts'
import { start } from '../../strings/start.ts'
import { Field } from '../../ui/field.tsx'
import { Button, FailureNotice, Icon, Loaded } from '../../ui/parts.tsx'
import { MissingSettings } from '../overview/missing-settings.tsx'
import { type Addresses, addressNumber, checkAddresses, rangeNumbers } from './addresses.ts'

const NetworkQuery = graphql(`
  query StartNetwork($instance: String!) {
    configKeys(instance: $instance) { path kind help question default required isSet suggestion value }
  }
`)
const ChangeMutation = graphql(
  'mutation StartAddresses($instance: String!, $changes: [ConfigChangeInput!]!) { changeConfig(instance: $instance, changes: $changes) }',
)
const texts = start.network
const paths: Record<keyof Addresses, string> = {
  router: 'cloud.router.ip',
  dns: 'cloud.dns.ip',
  vip: 'cluster.nodes.control.vip',
  pool: 'cluster.ipAddressPool',
  lb: 'cluster.loadBalancerIp',
}
const order = ['router', 'dns', 'vip', 'pool', 'lb'] as const

/** The addresses an instance takes: detected, explained, checked as they are typed. */
export function NetworkStation(props: { instance: string; next(): void }) {
  const query = createLiveQuery(
    NetworkQuery,
    () => ({ instance: props.instance }),
    (news) => news.kind === 'instance' && about(() => props.instance)(news),
  )
  return (
    <Loaded query={query}>
      {(data) => {
        const missing = () => data.configKeys.filter(({ required, isSet }) => required && !isSet)
        return (
          <>
            <Show when={missing().length}>
              <section class="card p-5 mb-5">
                <h3 class="font-semibold">{texts.missing}</h3>
                <MissingSettings instance={props.instance} keys={missing()} />
              </section>
            </Show>
            <AddressForm
              instance={props.instance}
              keys={data.configKeys}
              blocked={missing().length > 0}
              next={props.next}
            />
          </>
        )
      }}
    </Loaded>
  )
}

function AddressForm(props: {
  instance: string
  keys: readonly { path: string; value: unknown; suggestion: unknown }[]
  blocked: boolean
  next(): void
}) {
  const [typed, setTyped] = createStore<Partial<Addresses>>({})
  const { refuse, against, elsewhere } = createRefusal(...Object.values(paths))
  const [busy, setBusy] = createSignal(false)
  const saved = (name: keyof Addresses) => {
    const key = props.keys.find(({ path }) => path === paths[name])
    return String(key?.value ?? key?.suggestion ?? '')
  }
  const values = (): Addresses => {
    const of = (name: keyof Addresses) => typed[name] ?? saved(name)
    return { router: of('router'), dns: of('dns'), vip: of('vip'), pool: of('pool'), lb: of('lb') }
  }
  const checks = () => checkAddresses(values())

  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    refuse(undefined)
    const changes = order
      .filter((name) => values()[name].trim() !== saved(name))
      .map((name) => ({ path: paths[name], value: values()[name].trim() }))
    setBusy(true)
    const done = changes.length === 0 || (await act(ChangeMutation, { instance: props.instance, changes }, refuse))
    setBusy(false)
    if (done) props.next()
  }

  return (
    <form class="grid gap-5 lg:grid-cols-[minmax(0,1fr)_18rem] items-start" onSubmit={save} novalidate>
      <div class="card p-6 grid gap-4">
        <AddressLine of={values()} />
        <For each={order}>
          {(name) => (
            <Field
              label={texts.roles[name][0]!}
              help={texts.roles[name][1]}
              value={values()[name]}
              onInput={(text) => setTyped(name, text)}
              problem={against(paths[name])}
            />
          )}
        </For>
        <Show when={elsewhere()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
        <div>
          <Button type="submit" kind="main" disabled={busy() || props.blocked || checks().some(([, ok]) => !ok)}>
            {texts.save}
          </Button>
          <Show when={props.blocked}>
            <p class="text-quiet text-sm mt-2">{texts.blocked}</p>
          </Show>
        </div>
      </div>
      <ul class="grid gap-2.5 text-sm lg:pt-4" aria-live="polite">
        <For each={checks()}>
          {([check, ok]) => (
            <li class="flex gap-2.5" classList={{ 'text-bad': !ok }}>
              <Icon name={ok ? 'check' : 'close'} class={`size-5 ${ok ? 'text-good' : ''}`} />
              {texts.checks[check]}
              <span class="sr-only">{texts.kept(ok)}</span>
            </li>
          )}
        </For>
      </ul>
    </form>
  )
}

/** The last number of each address on a line from 0 to 255: what lies where is seen at a glance. */
function AddressLine(props: { of: Addresses }) {
  const at = (number: number) => `${((number & 255) / 255) * 100}%`
  const marks = () =>
    (['router', 'dns', 'vip'] as const).flatMap((name) => {
      const number = addressNumber(props.of[name])
      return number === undefined ? [] : [{ name, number }]
    })
  const network = () => props.of.router.split('.').slice(0, 3).join('.')
  return (
    <div role="img" aria-label={texts.map} class="pt-1 pb-6">
      <div class="relative h-2.5 rounded-full bg-raised">
        <Show when={rangeNumbers(props.of.pool)}>
          {(range) => (
            <span
              class="absolute inset-y-0 rounded-full bg-accent min-w-1.5"
              style={{ left: at(range()[0]), width: `${((range()[1] - range()[0] + 1) / 255) * 100}%` }}
            />
          )}
        </Show>
        <For each={marks()}>
          {({ name, number }) => (
            <span
              class="absolute -inset-y-1 w-1 -ml-0.5 rounded-full"
              classList={{ 'bg-busy': name === 'vip', 'bg-quiet': name !== 'vip' }}
              style={{ left: at(number) }}
            />
          )}
        </For>
      </div>
      <p class="flex justify-between text-xs text-quiet mt-2 font-mono">
        <span>{network()}.0</span>
        <span>{network()}.255</span>
      </p>
    </div>
  )
}
