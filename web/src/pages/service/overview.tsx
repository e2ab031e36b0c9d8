import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { servicePage as texts } from '../../strings/service.ts'
import { Empty, Notice, Status } from '../../ui/parts.tsx'
import { lacks } from '../services/left-out.tsx'
import { Card, WorkloadWorld } from '../workload/world.tsx'

interface Related {
  name: string
  title: string
  status: string
}

interface ShownService {
  name: string
  description: string
  about: string | null
  status: string
  trouble: string | null
  settingsOnly: boolean
  missingSettings: string[]
  missingSecrets: string[]
  settings: { name: string; title: string }[]
  dependencyList: Related[]
  dependentList: Related[]
}

/** What it is for and how it is: trouble first, then what it runs as, what it needs and what needs it. */
export function ServiceOverview(props: { instance: string; service: ShownService }) {
  const relations = () => (
    <>
      <Card title={texts.needs}>
        <Services of={props.service.dependencyList} none={texts.needsNothing} instance={props.instance} />
      </Card>
      <Card title={texts.neededBy}>
        <Services of={props.service.dependentList} none={texts.neededByNothing} instance={props.instance} />
      </Card>
    </>
  )
  const inCluster = () => props.service.status !== 'not_installed' && !props.service.settingsOnly
  return (
    <div class="grid gap-5">
      <Show when={props.service.trouble}>
        {(trouble) => (
          <Notice tone="warn">
            <p class="wrap-anywhere">{trouble()}</p>
          </Notice>
        )}
      </Show>
      <Show when={props.service.about}>
        {(about) => (
          <Card title={texts.about}>
            <p class="max-w-[72ch]">{about()}</p>
          </Card>
        )}
      </Show>
      <Show
        when={inCluster()}
        fallback={
          <>
            <NotThere instance={props.instance} service={props.service} />
            <div class="grid gap-5 lg:grid-cols-2 items-start">{relations()}</div>
          </>
        }
      >
        <WorkloadWorld instance={props.instance} kind="service" name={props.service.name}>
          {relations()}
        </WorkloadWorld>
      </Show>
    </div>
  )
}

/** Nothing of it is in the cluster: why, and the way on. */
function NotThere(props: { instance: string; service: ShownService }) {
  const own = (path: string) => props.service.settings.find(({ name }) => name === path)
  const here = () => [
    ...props.service.missingSettings.flatMap((path) => (own(path) ? [`${own(path)!.title} (${path})`] : [])),
    ...props.service.missingSecrets,
  ]
  const elsewhere = () => props.service.missingSettings.filter((path) => !own(path))
  return (
    <Show
      when={props.service.status === 'not_installed'}
      fallback={<p class="card p-5 text-quiet">{texts.settingsOnly}</p>}
    >
      <Empty title={texts.notInstalled} icon="services">
        <Show when={lacks(props.service)} fallback={<p>{texts.ready}</p>}>
          <p>{texts.lacks}</p>
          <Given
            of={here()}
            way={texts.giveHere}
            href={`/instances/${props.instance}/services/${props.service.name}?view=settings`}
          />
          <Given of={elsewhere()} way={texts.giveInConfig} href={`/instances/${props.instance}/config`} />
        </Show>
      </Empty>
    </Show>
  )
}

/** What is missing and the page where it is given. */
function Given(props: { of: string[]; way: string; href: string }) {
  return (
    <Show when={props.of.length}>
      <p class="mt-2 wrap-anywhere text-text font-medium">{props.of.join(', ')}</p>
      <A class="link" href={props.href}>
        {props.way}
      </A>
    </Show>
  )
}

function Services(props: { of: Related[]; none: string; instance: string }) {
  return (
    <ul class="grid gap-2 text-sm">
      <For each={props.of} fallback={<li class="text-quiet">{props.none}</li>}>
        {(service) => (
          <li class="flex justify-between gap-2">
            <A class="link" href={`/instances/${props.instance}/services/${service.name}`}>
              {service.title}
            </A>
            <Status value={service.status} />
          </li>
        )}
      </For>
    </ul>
  )
}
