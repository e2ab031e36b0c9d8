import { createSignal, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { client } from '../../graphql/client.ts'
import { type Failure, failureOf } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { copy } from '../../ui/notice.tsx'
import { Button, FailureNotice, Status } from '../../ui/parts.tsx'
import { showBad, showGood } from '../../ui/toasts.tsx'

const HealthQuery = graphql(`
  query ServicesHealth($instance: String!) {
    servicesHealth(instance: $instance) { service title status checks { name status message remedy } }
  }
`)
const TokenMutation = graphql(`
  mutation DashboardToken($instance: String!) {
    createServiceToken(instance: $instance, service: "headlamp") { token expiresAt }
  }
`)

interface Health {
  service: string
  title: string
  status: string
  checks: { name: string; status: string; message: string; remedy: string }[]
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

  async function copyToken(): Promise<void> {
    const made = await act(TokenMutation, { instance: props.instance })
    if (!made) return
    if (await copy(made.createServiceToken.token)) showGood('The token is on the clipboard. It is good for a day.')
    else showBad('The browser lets nothing be copied here. Take it from: wild-cli service dashboard-token')
  }

  return (
    <section class="my-6" aria-label="Health of services">
      <div class="flex flex-wrap items-center gap-2 mb-2">
        <h2 class="font-semibold mr-auto">Health</h2>
        <Button kind="quiet" onClick={copyToken}>
          Copy dashboard token
        </Button>
        <Button onClick={look} disabled={looking()}>
          {looking() ? 'Looking…' : 'Check health'}
        </Button>
      </div>
      <Show when={failure()}>{(found) => <FailureNotice failure={found()} />}</Show>
      <Show
        when={health()}
        fallback={
          <p class="text-quiet text-sm">Looks at addresses, certificates, storage and names, and says what to do.</p>
        }
      >
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
      <ul aria-label={`Checks of ${props.health.title}`}>
        <For each={props.health.checks}>
          {(check) => (
            <li class="flex justify-between gap-3 py-1 text-sm">
              <span class="min-w-0 wrap-anywhere">
                {check.name}: <span class="text-quiet">{check.message}</span>
                <Show when={check.remedy}>
                  <span class="block">{check.remedy}</span>
                </Show>
              </span>
              <Status value={check.status} />
            </li>
          )}
        </For>
      </ul>
    </div>
  )
}
