import { createSignal, For, Show } from 'solid-js'
import { client } from '../../graphql/client.ts'
import { type Failure, failureOf } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { servicesText as texts } from '../../strings/services.ts'
import { Button, FailureNotice, Status } from '../../ui/parts.tsx'
import { type Check, Checks } from './checks.tsx'
import { TokenButton } from './token.tsx'

const HealthQuery = graphql(`
  query ServicesHealth($instance: String!) {
    servicesHealth(instance: $instance) { service title status checks { name status message remedy } }
  }
`)
interface Health {
  service: string
  title: string
  status: string
  checks: Check[]
}

/** What every service says of itself, looked at when a person asks; and the token that opens the dashboard. */
export function ServicesHealth(props: { instance: string }) {
  const [health, setHealth] = createSignal<Health[]>()
  const [failure, setFailure] = createSignal<Failure>()
  const [looking, setLooking] = createSignal(false)

  async function look(): Promise<void> {
    setLooking(true)
    const asked = { requestPolicy: 'network-only' as const }
    const { data, error } = await client.query(HealthQuery, { instance: props.instance }, asked).toPromise()
    setFailure(error ? failureOf(error) : undefined)
    if (data) setHealth(data.servicesHealth)
    setLooking(false)
  }

  return (
    <section class="my-6" aria-label={texts.healthOf}>
      <div class="flex flex-wrap items-center gap-2 mb-2">
        <h2 class="font-semibold mr-auto">{texts.health}</h2>
        <TokenButton instance={props.instance} service="headlamp" label={texts.dashboardToken} />
        <Button onClick={look} disabled={looking()}>
          {looking() ? texts.checking : texts.check}
        </Button>
      </div>
      <Show when={failure()}>{(found) => <FailureNotice failure={found()} />}</Show>
      <Show when={health()} fallback={<p class="text-quiet text-sm">{texts.healthAbout}</p>}>
        {(services) => (
          <div class="grid gap-3 md:grid-cols-2">
            <For each={services()}>{(one) => <OneService health={one} />}</For>
          </div>
        )}
      </Show>
    </section>
  )
}

function OneService(props: { health: Health }) {
  return (
    <div class="card p-4">
      <div class="flex justify-between gap-3 items-center mb-1">
        <h3 class="font-medium">{props.health.title}</h3>
        <Status value={props.health.status} />
      </div>
      <Checks of={props.health.title} checks={props.health.checks} />
    </div>
  )
}
