import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createRefusal } from '../../graphql/refusal.ts'
import { dnsText } from '../../strings/dns.ts'
import { Choice } from '../../ui/choice.tsx'
import { Field, SelectField } from '../../ui/field.tsx'
import { Button, FailureNotice } from '../../ui/parts.tsx'
import { preview } from '../../ui/plan.tsx'

const SetMutation = graphql(
  'mutation SetDns($enabled: Boolean, $interface: String, $dnsServer: String, $dhcp: DhcpMode, $dhcpRange: String, $leaseHours: Int, $router: String, $overwrite: Boolean) { setDns(enabled: $enabled, interface: $interface, dnsServer: $dnsServer, dhcp: $dhcp, dhcpRange: $dhcpRange, leaseHours: $leaseHours, router: $router, overwrite: $overwrite) }',
)

type Mode = 'off' | 'proxy' | 'full'
interface Values {
  enabled: boolean
  interface: string
  dnsServer: string
  dhcp: Mode
  dhcpRange: string
  leaseHours: number
  router: string
}

const texts = dnsText.settings
const modes: Mode[] = ['off', 'proxy', 'full']

/** The settings as a form. What was changed by others meanwhile does not take away what is being typed. */
export function Settings(props: {
  settings: Values
  interfaces: readonly { name: string; addresses: string[] }[]
  edited: boolean
}) {
  const [draft, setDraft] = createSignal<Partial<Values>>({})
  const { refuse, against, elsewhere } = createRefusal('interface', 'dnsServer', 'dhcpRange', 'router', 'leaseHours')
  const [busy, setBusy] = createSignal(false)
  const value = <K extends keyof Values>(key: K): Values[K] => draft()[key] ?? props.settings[key]
  const set = <K extends keyof Values>(key: K, to: Values[K]) => setDraft({ ...draft(), [key]: to })

  /** The plan tells a field by where it stands in the operation, the form by its name. */
  const refusePlan = (failure: Failure) => {
    const field = String(failure.details.field ?? '').replace(/^change\./, '')
    refuse({ ...failure, details: { ...failure.details, field } })
  }
  /** One that was set and is not there now stays to choose: it may come back. */
  const cards = () => {
    const there = props.interfaces.map(({ name, addresses }) => [name, texts.cardAt(name, addresses)] as const)
    const set = props.settings.interface
    return there.some(([name]) => name === set) ? there : [[set, texts.cardGone(set)] as const, ...there]
  }

  async function save(change: Partial<Values>): Promise<void> {
    refuse(undefined)
    const lines = [
      ...(change.dhcp === 'full' ? [texts.fullLine] : []),
      ...(change.enabled === false ? [texts.offLine] : []),
      ...(props.edited ? [texts.editedLine] : []),
    ]
    const planned = { type: 'dnsmasq.apply', input: { change, overwrite: props.edited } }
    if (!(await preview(planned, refusePlan, { title: texts.change, lines, action: texts.changeGo }))) return
    setBusy(true)
    const done = await act(SetMutation, { ...change, ...(props.edited ? { overwrite: true } : {}) }, refuse)
    setBusy(false)
    if (done) setDraft({})
  }

  return (
    <form
      class="card p-5 grid gap-4 max-w-2xl"
      novalidate
      onSubmit={(event) => {
        event.preventDefault()
        save({ ...draft(), enabled: true })
      }}
    >
      <h2 class="font-semibold text-lg">{texts.title}</h2>
      <SelectField
        label={texts.card}
        help={texts.cardHelp}
        value={value('interface')}
        options={cards()}
        onChange={(name) => set('interface', name)}
        problem={against('interface')}
      />
      <Field
        label={texts.servers}
        help={texts.serversHelp}
        value={value('dnsServer')}
        onInput={(text) => set('dnsServer', text)}
        problem={against('dnsServer')}
      />
      <fieldset class="grid gap-2">
        <legend class="text-sm font-medium mb-1">{texts.dhcp}</legend>
        <For each={modes}>
          {(mode) => (
            <Choice
              group="dhcp"
              title={texts.modes[mode][0]!}
              about={texts.modes[mode][1]}
              checked={value('dhcp') === mode}
              choose={() => set('dhcp', mode)}
            />
          )}
        </For>
      </fieldset>
      <Show when={value('dhcp') === 'full'}>
        <Field
          label={texts.range}
          value={value('dhcpRange')}
          onInput={(text) => set('dhcpRange', text)}
          problem={against('dhcpRange')}
        />
        <Field
          label={texts.router}
          value={value('router')}
          onInput={(text) => set('router', text)}
          problem={against('router')}
        />
        <Field
          label={texts.hours}
          value={String(value('leaseHours'))}
          onInput={(text) => set('leaseHours', Number.parseInt(text, 10) || 0)}
          problem={against('leaseHours')}
        />
      </Show>
      <Show when={elsewhere()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
      <div class="flex flex-wrap gap-2">
        <Button type="submit" kind="main" disabled={busy()}>
          {props.settings.enabled ? texts.save : texts.serve}
        </Button>
        <Show when={props.settings.enabled}>
          <Button disabled={busy()} onClick={() => save({ enabled: false })}>
            {texts.stop}
          </Button>
        </Show>
      </div>
    </form>
  )
}
