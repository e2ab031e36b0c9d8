import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { nodesText as texts } from '../../strings/nodes.ts'
import { Button, FailureNotice, Notice } from '../../ui/parts.tsx'

const EditMutation = graphql(`
  mutation EditNode(
    $instance: String!, $node: String!, $name: String, $role: NodeRole, $targetIp: String, $interface: String, $disk: String
  ) {
    editNode(
      instance: $instance, node: $node, name: $name, role: $role, targetIp: $targetIp, interface: $interface, disk: $disk
    ) { warnings }
  }
`)

type Role = 'controlplane' | 'worker'

/** A node as the form shows it. */
export interface EditableNode {
  name: string
  role: Role
  maintenance: boolean
  targetIp: string | null
  interface: string | null
  disk: string | null
}

/** What is written down about a node, to be changed; name, role and disk only before it is set up. */
export function EditNode(props: { instance: string; node: EditableNode }) {
  const [typed, setTyped] = createSignal<Partial<Record<keyof EditableNode, string>>>({})
  const [refusal, setRefusal] = createSignal<Failure>()
  const [warnings, setWarnings] = createSignal<string[]>([])
  const value = (key: keyof EditableNode) => typed()[key] ?? String(props.node[key] ?? '')
  const type = (key: keyof EditableNode, text: string) => setTyped((own) => ({ ...own, [key]: text }))

  async function save(event: SubmitEvent): Promise<void> {
    event.preventDefault()
    setRefusal(undefined)
    const changed = filled(typed())
    const variables = {
      instance: props.instance,
      node: props.node.name,
      name: changed.name,
      role: changed.role as Role | undefined,
      targetIp: changed.targetIp,
      interface: changed.interface,
      disk: changed.disk,
    }
    const done = await act(EditMutation, variables, setRefusal)
    if (!done) return
    setWarnings(done.editNode.warnings)
    setTyped({})
  }

  return (
    <details>
      <summary class="text-sm text-quiet cursor-pointer">{texts.change}</summary>
      <form class="mt-3 grid gap-3 sm:grid-cols-3 items-end" onSubmit={save} novalidate>
        <Field
          label={texts.name}
          value={value('name')}
          off={!props.node.maintenance}
          on={(text) => type('name', text)}
        />
        <label class="block text-sm">
          {texts.role}
          <select
            class="field"
            value={value('role')}
            disabled={!props.node.maintenance}
            onChange={(event) => type('role', event.currentTarget.value)}
          >
            <option value="controlplane">{texts.roles.controlplane}</option>
            <option value="worker">{texts.roles.worker}</option>
          </select>
        </label>
        <Field label={texts.address} value={value('targetIp')} on={(text) => type('targetIp', text)} />
        <Field label={texts.interface} value={value('interface')} on={(text) => type('interface', text)} />
        <Field
          label={texts.disk}
          value={value('disk')}
          off={!props.node.maintenance}
          on={(text) => type('disk', text)}
        />
        <div>
          <Button type="submit" disabled={Object.keys(typed()).length === 0}>
            {texts.save(props.node.name)}
          </Button>
        </div>
        <div class="sm:col-span-3 grid gap-2">
          <Show when={!props.node.maintenance}>
            <p class="text-sm text-quiet">{texts.fixed}</p>
          </Show>
          <Show when={refusal()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
          <For each={warnings()}>{(warning) => <Notice tone="warn">{warning}</Notice>}</For>
        </div>
      </form>
    </details>
  )
}

/** Empty fields leave things as they are. */
function filled(typed: Partial<Record<keyof EditableNode, string>>): Partial<Record<keyof EditableNode, string>> {
  return Object.fromEntries(Object.entries(typed).filter(([, text]) => text.trim() !== ''))
}

function Field(props: { label: string; value: string; off?: boolean; on(text: string): void }) {
  return (
    <label class="block text-sm">
      {props.label}
      <input
        class="field"
        value={props.value}
        disabled={props.off}
        autocapitalize="none"
        spellcheck={false}
        onInput={(event) => props.on(event.currentTarget.value)}
      />
    </label>
  )
}
