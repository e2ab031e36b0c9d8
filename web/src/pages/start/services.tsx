import { For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { about, createLiveQuery } from '../../graphql/live-query.ts'
import { start } from '../../strings/start.ts'
import { Button, Loaded, Status } from '../../ui/parts.tsx'
import { PreviewButton } from '../../ui/plan.tsx'
import { isAtWork, newest, WorkLine } from './progress.tsx'

const ServicesQuery = graphql(`
  query StartServices($instance: String!) {
    services(instance: $instance) { name title description status core trouble }
    operations(instance: $instance, type: "service.install-all", limit: 1) {
      operationId type title target status progress message
    }
  }
`)
const InstallMutation = graphql(
  'mutation StartInstallAll($instance: String!) { installAllServices(instance: $instance) { operationId } }',
)
const texts = start.services

/** The services apps need, installed in one go and watched here. */
export function ServicesStation(props: { instance: string; next(): void }) {
  const query = createLiveQuery(
    ServicesQuery,
    () => ({ instance: props.instance }),
    about(() => props.instance),
  )
  const core = () => query.data?.services.filter((service) => service.core) ?? []
  const up = () => core().length > 0 && core().every(({ status }) => status === 'running')
  const works = () => newest(query.data?.operations ?? [])
  const install = () => act(InstallMutation, { instance: props.instance })
  return (
    <Loaded query={query}>
      {() => (
        <div class="grid gap-4">
          <ul class="card divide-y divide-line">
            <For each={core()}>
              {(service) => (
                <li class="px-5 py-3.5 flex gap-4 items-center justify-between">
                  <span class="min-w-0">
                    <span class="font-medium">{service.title}</span>
                    <span class="block text-quiet text-sm">{service.description}</span>
                    <Show when={service.trouble}>
                      <span class="block text-warn text-sm">{service.trouble}</span>
                    </Show>
                  </span>
                  <Status value={service.status} />
                </li>
              )}
            </For>
          </ul>
          <For each={works().filter((work) => isAtWork(work) || !up())}>
            {(work) => (
              <div class="card p-5">
                <WorkLine work={work} />
              </div>
            )}
          </For>
          <div class="flex flex-wrap gap-2 items-center">
            <Show
              when={up()}
              fallback={
                <Show when={!works().some(isAtWork)}>
                  <Button kind="main" onClick={install}>
                    {texts.install}
                  </Button>
                  <PreviewButton
                    of={{ type: 'service.install-all', input: { instance: props.instance } }}
                    go={install}
                  />
                </Show>
              }
            >
              <Button kind="main" disabled={works().some(isAtWork)} onClick={() => props.next()}>
                {start.continueWith}
              </Button>
            </Show>
          </div>
        </div>
      )}
    </Loaded>
  )
}
