import { createEffect, For, type JSX, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { about, createLiveQuery } from '../../graphql/live-query.ts'
import { start } from '../../strings/start.ts'
import { Button, Icon, Loaded } from '../../ui/parts.tsx'
import { isAtWork, newest, WorkLine } from './progress.tsx'

const BuildQuery = graphql(`
  query StartBuild($instance: String!) {
    nodes(instance: $instance) { name status maintenance }
    cluster(instance: $instance) { status }
    phases(instance: $instance) { name complete }
    operations(instance: $instance, limit: 60) { operationId type title target status progress message }
  }
`)
const SetupMutation = graphql(
  'mutation BuildSetup($instance: String!, $node: String!) { setupNode(instance: $instance, node: $node) { operationId } }',
)
const BootstrapMutation = graphql(
  'mutation BuildBootstrap($instance: String!) { bootstrapCluster(instance: $instance) { operationId } }',
)
const texts = start.build

/**
 * The building, live. Where it stands is read from the machines and the cluster; after `going` (the person said so in
 * this window) the cluster is started by itself as soon as the machines are set up, else a button goes on.
 */
export function BuildStation(props: { instance: string; going: boolean; next(): void }) {
  const query = createLiveQuery(
    BuildQuery,
    () => ({ instance: props.instance }),
    about(() => props.instance),
  )
  const works = () => newest(query.data?.operations ?? [])
  const of = (type: string) => works().filter((work) => work.type === type)
  // What completed and is not so any more was before the cluster was reset: it says nothing about this time.
  const setups = () =>
    of('node.setup').filter(({ target, status }) => {
      const node = nodes().find(({ name }) => name === target)
      return node && !(node.maintenance && status === 'completed')
    })
  const bootstraps = () => of('cluster.bootstrap').filter(({ status }) => clusterUp() || status !== 'completed')
  const nodes = () => query.data?.nodes ?? []
  const waiting = () => nodes().filter(({ maintenance }) => maintenance)
  const machinesReady = () => nodes().length > 0 && waiting().length === 0 && !setups().some(isAtWork)
  const clusterUp = () =>
    query.data?.phases.some(({ name, complete }) => name === 'cluster' && complete) === true &&
    !of('cluster.bootstrap').some(isAtWork)
  const idle = () => !works().some(isAtWork)
  const trouble = () => [...setups(), ...bootstraps()].some(({ status }) => status === 'failed')
  let asked = false

  async function goOn(): Promise<void> {
    if (!machinesReady())
      for (const { name } of waiting()) await act(SetupMutation, { instance: props.instance, node: name })
    else await act(BootstrapMutation, { instance: props.instance })
  }
  createEffect(() => {
    if (!props.going || !query.data || asked) return
    if (machinesReady() && idle() && !clusterUp() && bootstraps().length === 0) {
      asked = true
      void goOn()
    }
  })

  return (
    <Loaded query={query}>
      {() => (
        <div class="grid grid-cols-1 gap-4">
          <Part
            title={texts.machines}
            about={texts.machinesDone(nodes().length - waiting().length, nodes().length)}
            done={machinesReady()}
          >
            <For each={setups().toReversed()}>{(work) => <WorkLine work={work} />}</For>
          </Part>
          <Part
            title={texts.cluster}
            about={clusterUp() ? texts.clusterUp : machinesReady() ? '' : texts.clusterWaits}
            done={clusterUp()}
          >
            <For each={bootstraps()}>{(work) => <WorkLine work={work} />}</For>
          </Part>
          <div>
            <Show
              when={clusterUp()}
              fallback={
                <Show when={idle() && !trouble()}>
                  <Button kind="main" onClick={goOn}>
                    {texts.goOn}
                  </Button>
                </Show>
              }
            >
              <Button kind="main" onClick={() => props.next()}>
                {start.continueWith}
              </Button>
            </Show>
          </div>
        </div>
      )}
    </Loaded>
  )
}

/** One part of the work, with a tick when it is done. */
export function Part(props: { title: string; about: string; done: boolean; children: JSX.Element }) {
  return (
    <section class="card p-5" aria-label={props.title}>
      <h3 class="flex flex-wrap gap-x-3 gap-y-1 items-center font-semibold">
        <span
          class="grid place-items-center size-7 rounded-full border"
          classList={{ 'bg-good/15 border-transparent text-good': props.done, 'border-edge': !props.done }}
        >
          <Show when={props.done}>
            <Icon name="check" class="size-4" />
          </Show>
        </span>
        {props.title}
        <span class="font-normal text-quiet text-sm">{props.about}</span>
      </h3>
      <div class="grid grid-cols-1 gap-4 mt-4 sm:pl-10 empty:hidden">{props.children}</div>
    </section>
  )
}
