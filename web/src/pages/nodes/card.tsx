import { Show } from 'solid-js'
import { nodesText as texts } from '../../strings/nodes.ts'
import { Menu, type MenuItem } from '../../ui/menu.tsx'
import { Button, Fact, Icon, Status } from '../../ui/parts.tsx'
import { bytes } from '../../ui/time.ts'
import { ApplyToNode, createNodeChanges } from '../cluster/changes.tsx'
import { createNodeReset } from '../cluster/reset.tsx'
import { type EditableNode, EditNode } from './edit.tsx'
import { Hardware } from './hardware.tsx'
import { called, type Machine } from './machine.ts'

/** A node as its card shows it. */
export interface ShownNode extends EditableNode {
  status: string
  reason: string | null
  ip: string | null
  version: string | null
}

/** One node: how it is, what its machine is, and what can be done with it. */
export function NodeCard(props: {
  instance: string
  node: ShownNode
  /** Its machine, as discovery saw it last. */
  machine: Machine | undefined
  onSetup(): void
  onRemove(): void
}) {
  const node = () => props.node
  return (
    <li class="card p-4 grid gap-3">
      <div class="flex flex-wrap gap-x-3 gap-y-2 items-center">
        <h2 class="font-semibold wrap-anywhere">{node().name}</h2>
        <Status value={node().status} />
        <span class="text-quiet text-sm">{texts.roles[node().role]}</span>
        <Show when={node().status !== 'applying'}>
          <Actions {...props} />
        </Show>
      </div>
      <Show when={node().status !== 'applying' && node().reason}>
        <p class="text-sm text-quiet -mt-2 wrap-anywhere">{node().reason}</p>
      </Show>
      <dl class="grid gap-x-6 gap-y-1 grid-cols-2 sm:grid-cols-4 text-sm">
        <Fact name={texts.address}>{node().ip ?? node().targetIp ?? '–'}</Fact>
        <Fact name={texts.interface}>{node().interface ?? '–'}</Fact>
        <Fact name={texts.disk}>{node().disk ?? '–'}</Fact>
        <Fact name={texts.talos}>{node().version ?? '–'}</Fact>
      </dl>
      <Show when={props.machine}>
        {(machine) => (
          <div class="text-sm text-quiet wrap-anywhere">
            {[called(machine()), ownDisk(machine(), node().disk)].filter(Boolean).join(' · ')}
            <Hardware machine={machine()} />
          </div>
        )}
      </Show>
      <Show when={node().status !== 'applying' && node().status !== 'removing'}>
        <EditNode instance={props.instance} node={node()} />
      </Show>
    </li>
  )
}

/** What the disk of a node is, in words. */
function ownDisk({ disks }: Machine, path: string | null): string | undefined {
  const disk = disks.find((one) => one.path === path)
  return disk && [disk.model, bytes(Number(disk.size))].filter(Boolean).join(', ')
}

/** The likely ones as buttons, the rest in a menu; what loses something comes last. */
function Actions(props: Parameters<typeof NodeCard>[0]) {
  const changes = createNodeChanges()
  const reset = createNodeReset()
  const runs = () => !props.node.maintenance && props.node.status !== 'unreachable'
  const name = () => props.node.name
  const items = (): MenuItem[] => [
    ...(runs() ? changes(props.instance, name()) : []),
    ...(props.node.maintenance ? [] : [{ title: texts.setUpAgain, onSelect: props.onSetup }]),
    ...(runs() ? [{ title: texts.reset, apart: true, onSelect: () => reset(props.instance, name()) }] : []),
    { title: texts.remove, apart: !runs() && !props.node.maintenance, onSelect: props.onRemove },
  ]
  return (
    <div class="flex gap-2 items-center ml-auto">
      <Show when={runs()}>
        <ApplyToNode instance={props.instance} node={name()} />
      </Show>
      <Show when={props.node.maintenance}>
        <Button onClick={props.onSetup} aria-label={texts.setUpIt(name())}>
          {texts.setUp}
        </Button>
      </Show>
      <Menu
        end
        label={texts.moreFor(name())}
        class="inline-flex items-center gap-1 rounded-control border border-edge bg-card shadow-rest px-3 py-1.5 text-sm font-medium min-h-[2.125rem] hover:bg-raised"
        trigger={
          <>
            {texts.more} <Icon name="chevron" class="size-4 -mr-1" />
          </>
        }
        items={items()}
      />
    </div>
  )
}
