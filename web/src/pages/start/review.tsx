import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { about, createLiveQuery } from '../../graphql/live-query.ts'
import { start } from '../../strings/start.ts'
import { confirm } from '../../ui/confirm.tsx'
import { Button, Icon, LinkButton, Loaded } from '../../ui/parts.tsx'
import { PlanView } from '../../ui/plan.tsx'
import { called, type Machine } from '../nodes/machine.ts'

const ReviewQuery = graphql(`
  query StartReview($instance: String!) {
    nodes(instance: $instance) { name role targetIp disk diskSerial maintenance }
    machines(instance: $instance) {
      mac ip state hostname manufacturer product serial uuid problem instance node selectedDisk selectedDiskReason
      interface interfaceReason interfaces { name mac addresses up speed defaultRoute }
      disks { path size model unsuitable holds }
    }
  }
`)
const SetupMutation = graphql(
  'mutation StartSetup($instance: String!, $node: String!) { setupNode(instance: $instance, node: $node) { operationId } }',
)
const texts = start.review

/** All of it as a plan, before the first disk is touched: what is lost is named. */
export function ReviewStation(props: { instance: string; next(): void; back: string }) {
  const query = createLiveQuery(
    ReviewQuery,
    () => ({ instance: props.instance }),
    (news) => news.kind === 'instance' && about(() => props.instance)(news),
  )
  const nodes = () => query.data?.nodes.filter(({ maintenance }) => maintenance) ?? []

  function diskOf(name: string): { words: string; holds: string } {
    const node = nodes().find((each) => each.name === name)
    const machine = query.data?.machines.find((each) => each.node === name) as Machine | undefined
    const disk = machine?.disks.find(({ path }) => path === node?.disk)
    const serial = node?.diskSerial ? `, serial number ${node.diskSerial}` : ''
    const of = machine ? ` of ${called(machine)}` : ''
    return {
      words: `${node?.disk ?? '?'}${disk?.model ? ` (${disk.model}${serial})` : ''}${of}`,
      holds: disk?.holds ?? '',
    }
  }

  async function go(): Promise<void> {
    const names = nodes().map(({ name }) => name)
    const used = names.filter((name) => diskOf(name).holds)
    const yes = await confirm({
      title: texts.sure(names.length),
      lines: names.map((name) => texts.disk(name, [diskOf(name).words, diskOf(name).holds].filter(Boolean).join(': '))),
      action: texts.yes,
      danger: true,
      // Where something is on a disk, a click is too little.
      word: used.length ? props.instance : undefined,
    })
    if (!yes) return
    for (const node of names) if (!(await act(SetupMutation, { instance: props.instance, node }))) return
    props.next()
  }

  return (
    <Loaded query={query}>
      {() => (
        <div class="grid gap-5">
          <section class="card p-5 border-bad/40">
            <h3 class="font-semibold text-bad flex gap-2 items-center">
              <Icon name="alert" /> {texts.lost}
            </h3>
            <ul class="mt-2 grid gap-1.5 text-sm">
              <For each={nodes()}>
                {({ name }) => (
                  <li class="wrap-anywhere">
                    {texts.disk(name, diskOf(name).words)}
                    <Show when={diskOf(name).holds}>
                      {(holds) => <span class="block text-bad">{start.machines.erased(holds())}</span>}
                    </Show>
                  </li>
                )}
              </For>
            </ul>
          </section>
          <ol class="card p-5 grid gap-3">
            <For each={[texts.talos(nodes().length), texts.cluster]}>
              {(line, index) => (
                <li class="flex gap-3">
                  <span class="grid place-items-center size-6 rounded-full bg-raised text-xs font-semibold shrink-0">
                    {index() + 1}
                  </span>
                  {line}
                </li>
              )}
            </For>
          </ol>
          <For each={nodes()}>{({ name }) => <NodePlan instance={props.instance} node={name} />}</For>
          <div class="flex flex-wrap gap-2">
            <Button kind="main" disabled={nodes().length === 0} onClick={go}>
              {texts.go}
            </Button>
            <LinkButton href={props.back}>{texts.change}</LinkButton>
          </div>
        </div>
      )}
    </Loaded>
  )
}

/** The steps for one node; looked at when it is opened. */
function NodePlan(props: { instance: string; node: string }) {
  const [open, setOpen] = createSignal(false)
  return (
    <details class="card px-5 py-3" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary class="font-medium text-sm">{texts.plan(props.node)}</summary>
      <div class="mt-3">
        <Show when={open()}>
          <PlanView of={{ type: 'node.setup', input: { instance: props.instance, node: props.node } }} />
        </Show>
      </div>
    </details>
  )
}
