import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { about, createLiveQuery } from '../../graphql/live-query.ts'
import { start } from '../../strings/start.ts'
import { confirm } from '../../ui/confirm.tsx'
import { Button, Icon, LinkButton, Loaded, Notice } from '../../ui/parts.tsx'
import { PlanView } from '../../ui/plan.tsx'
import { called, type Machine } from '../nodes/machine.ts'

const ReviewQuery = graphql(`
  query StartReview($instance: String!) {
    nodes(instance: $instance) { name role targetIp disk diskSerial maintenance }
    machines(instance: $instance) {
      mac ip state hostname manufacturer product serial uuid problem instance node selectedDisk selectedDiskReason
      interface interfaceReason interfaces { name mac addresses up speed defaultRoute }
      disks { path size model serial wwid unsuitable holds }
    }
  }
`)
const SetupMutation = graphql(
  'mutation StartSetup($instance: String!, $node: String!, $acceptDisk: String) { setupNode(instance: $instance, node: $node, acceptDisk: $acceptDisk) { operationId } }',
)
const texts = start.review

/**
 * All of it as a plan, before the first disk is touched: what is lost is named. Once the building has begun, here or in
 * another window, there is nothing to decide any more.
 */
export function ReviewStation(props: {
  instance: string
  building: boolean
  next(): void
  back: string
  build: string
}) {
  const query = createLiveQuery(
    ReviewQuery,
    () => ({ instance: props.instance }),
    (news) => news.kind === 'instance' && about(() => props.instance)(news),
  )
  const nodes = () => query.data?.nodes.filter(({ maintenance }) => maintenance) ?? []

  /** The disk of a node in words, what is on it, and the word by which the daemon lets go of that. */
  function diskOf(name: string): { words: string; holds: string; accept?: string } {
    const node = nodes().find((each) => each.name === name)
    const found = query.data?.machines.find((each) => each.node === name)
    const disk = found?.disks.find(({ path }) => path === node?.disk)
    const machine = found as Machine | undefined
    // Another disk in the place of the chosen one was not agreed to.
    const isChosen = !node?.diskSerial || node.diskSerial === disk?.serial
    return {
      words: texts.diskOf(node?.disk ?? '?', disk?.model ?? '', node?.diskSerial ?? '', machine ? called(machine) : ''),
      holds: disk?.holds ?? '',
      accept: disk?.holds && isChosen ? disk.serial.trim() || disk.wwid.trim() || disk.path : undefined,
    }
  }

  async function go(): Promise<void> {
    const names = nodes().map(({ name }) => name)
    // What is agreed to is what is shown now: a disk that holds something only later is asked for again.
    const shown = names.map((name) => ({ name, ...diskOf(name) }))
    const yes = await confirm({
      title: texts.sure(names.length),
      lines: shown.map(({ name, words, holds }) => texts.disk(name, [words, holds].filter(Boolean).join(': '))),
      action: texts.yes,
      danger: true,
      // Where something is on a disk, a click is too little.
      word: shown.some(({ holds }) => holds) ? props.instance : undefined,
    })
    if (!yes) return
    for (const { name: node, accept: acceptDisk } of shown)
      if (!(await act(SetupMutation, { instance: props.instance, node, acceptDisk }))) return
    props.next()
  }

  return (
    <Loaded query={query}>
      {() => (
        <Show
          when={!props.building}
          fallback={
            <Notice tone="accent">
              <p>{texts.begun}</p>
              <div class="mt-3">
                <LinkButton href={props.build} kind="main">
                  {texts.watch}
                </LinkButton>
              </div>
            </Notice>
          }
        >
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
        </Show>
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
