import { A, useNavigate, useParams } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { act } from '../graphql/act.ts'
import { graphql } from '../graphql/graphql.ts'
import { about, createLiveQuery } from '../graphql/live-query.ts'
import { servicesText as texts } from '../strings/services.ts'
import { Button, Loaded, PageHeader, Status } from '../ui/parts.tsx'
import { PreviewButton } from '../ui/plan.tsx'
import { Running } from '../ui/running.tsx'
import { ServicesHealth } from './services/health.tsx'
import { lacks, WhyLeftOut } from './services/left-out.tsx'

const ServicesQuery = graphql(`
  query Services($instance: String!) {
    services(instance: $instance) {
      name title description status version core onRequest pods healthyPods dependencies missingSettings missingSecrets trouble
    }
  }
`)
const InstallMutation = graphql(
  'mutation InstallService($instance: String!, $name: String!) { installService(instance: $instance, name: $name) { operationId } }',
)
const InstallAllMutation = graphql(
  'mutation InstallAllServices($instance: String!) { installAllServices(instance: $instance) { operationId } }',
)

/** As they are installed: what others need comes first. */
function inOrder<T extends { name: string; dependencies: string[] }>(services: T[]): T[] {
  const ordered = new Set<T>()
  function add(service: T): void {
    for (const other of services) if (service.dependencies.includes(other.name) && !ordered.has(other)) add(other)
    ordered.add(service)
  }
  for (const service of services) add(service)
  return [...ordered]
}

/** What people call a service, by its name. */
const titleOf = (services: { name: string; title: string }[]) => (name: string) =>
  services.find((service) => service.name === name)?.title ?? name

export default function ServicesPage() {
  const params = useParams<{ instance: string }>()
  const navigate = useNavigate()
  const query = createLiveQuery(
    ServicesQuery,
    () => ({ instance: params.instance }),
    about(() => params.instance),
  )

  /** Core services that do not run: what installing all is for. */
  const wanted = () => query.data?.services.filter(({ core, status }) => core && status !== 'running') ?? []

  async function install(name: string): Promise<void> {
    const done = await act(InstallMutation, { instance: params.instance, name })
    if (done) navigate(`/operations/${done.installService.operationId}`)
  }
  async function installAll(): Promise<void> {
    const done = await act(InstallAllMutation, { instance: params.instance })
    if (done) navigate(`/operations/${done.installAllServices.operationId}`)
  }

  return (
    <>
      <PageHeader title={texts.title} about={texts.about}>
        <Show when={wanted().length > 0}>
          <PreviewButton of={{ type: 'service.install-all', input: { instance: params.instance } }} go={installAll} />
          <Button kind="main" onClick={installAll}>
            {texts.installAll}
          </Button>
        </Show>
      </PageHeader>
      <Running instance={params.instance} />
      <Loaded query={query}>
        {(data) => (
          <ul class="grid gap-3 md:grid-cols-2">
            <For each={inOrder(data.services)}>
              {(service) => (
                <li class="card p-4 flex flex-col gap-2">
                  <div class="flex justify-between gap-3 items-center">
                    <h2 class="font-semibold min-w-0 wrap-anywhere">
                      <A class="link" href={`/instances/${params.instance}/services/${service.name}`}>
                        {service.title}
                      </A>
                    </h2>
                    <Status value={service.status} />
                  </div>
                  <p class="text-quiet text-sm grow">{service.description}</p>
                  <Show when={service.trouble}>
                    <p class="text-sm text-warn wrap-anywhere">{service.trouble}</p>
                  </Show>
                  <WhyLeftOut instance={params.instance} service={service} />
                  <div class="flex flex-wrap justify-between gap-2 items-center text-sm">
                    <span class="text-quiet">
                      {[
                        service.version,
                        service.pods && texts.pods(service.healthyPods, service.pods),
                        service.dependencies.length && texts.needs(service.dependencies.map(titleOf(data.services))),
                      ]
                        .filter(Boolean)
                        .join(' · ')}
                    </span>
                    <span class="flex flex-wrap gap-2 justify-end">
                      <Show when={!['running', 'deploying', 'removing'].includes(service.status) && !lacks(service)}>
                        <PreviewButton
                          of={{ type: 'service.install', input: { instance: params.instance, name: service.name } }}
                          go={() => install(service.name)}
                          about={service.title}
                        />
                        <Button onClick={() => install(service.name)} aria-label={texts.installIt(service.title)}>
                          {texts.install}
                        </Button>
                      </Show>
                    </span>
                  </div>
                </li>
              )}
            </For>
          </ul>
        )}
      </Loaded>
      <ServicesHealth instance={params.instance} />
    </>
  )
}
