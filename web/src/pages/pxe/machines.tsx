import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createRefusal } from '../../graphql/refusal.ts'
import { pxeText } from '../../strings/pxe.ts'
import { Field } from '../../ui/field.tsx'
import { Button, FailureNotice } from '../../ui/parts.tsx'
import { preview } from '../../ui/plan.tsx'

const AssignMutation = graphql(
  'mutation AssignBoot($mac: String!, $instance: String!) { assignBoot(mac: $mac, instance: $instance) }',
)
const UnassignMutation = graphql('mutation UnassignBoot($mac: String!) { unassignBoot(mac: $mac) }')

interface Machine {
  mac: string
  instance: string
  reason: string
}

const texts = pxeText.machines

/** Which machine boots which instance. */
export function Machines(props: { machines: Machine[]; instances: string[] }) {
  const [mac, setMac] = createSignal('')
  const [chosen, setChosen] = createSignal<string>()
  const { refuse, against, elsewhere } = createRefusal('mac')
  const instance = () => chosen() ?? props.instances[0] ?? ''

  async function assign(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    refuse(undefined)
    const input = { mac: mac().trim(), instance: instance() }
    if (!(await preview({ change: 'assignBoot', input }, refuse))) return
    if (await act(AssignMutation, input, refuse)) setMac('')
  }

  async function forget(machine: Machine): Promise<void> {
    const input = { mac: machine.mac }
    if (await preview({ change: 'unassignBoot', input })) await act(UnassignMutation, input)
  }

  return (
    <section class="card p-5 grid gap-4" aria-labelledby="machines">
      <div>
        <h2 id="machines" class="font-semibold text-lg">
          {texts.title}
        </h2>
        <p class="text-quiet">{texts.about}</p>
      </div>
      <Show when={props.machines.length}>
        <ul class="divide-y divide-line">
          <For each={props.machines}>
            {(machine) => (
              <li class="py-2 flex flex-wrap gap-x-4 items-center">
                <code>{machine.mac}</code>
                <span>{machine.instance}</span>
                <span class="text-quiet">{texts.reason(machine.reason)}</span>
                <Show when={machine.reason === 'assigned'}>
                  <span class="ml-auto">
                    <Button aria-label={texts.forgetIt(machine.mac)} onClick={() => forget(machine)}>
                      {texts.forget}
                    </Button>
                  </span>
                </Show>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={props.instances.length}>
        <form class="flex flex-wrap gap-3 items-start" novalidate onSubmit={assign}>
          <Field
            label={texts.mac}
            placeholder="00:11:22:33:44:55"
            value={mac()}
            onInput={setMac}
            problem={against('mac')}
          />
          <label class="grid gap-1 text-sm font-medium">
            {texts.boots}
            <select class="field" value={instance()} onChange={(event) => setChosen(event.currentTarget.value)}>
              <For each={props.instances}>{(name) => <option selected={name === instance()}>{name}</option>}</For>
            </select>
          </label>
          <span class="mt-6">
            <Button type="submit" disabled={!mac().trim()}>
              {texts.assign}
            </Button>
          </span>
        </form>
      </Show>
      <Show when={elsewhere()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
    </section>
  )
}
