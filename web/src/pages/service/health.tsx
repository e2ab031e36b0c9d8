import { graphql } from '../../graphql/graphql.ts'
import { createLiveQuery } from '../../graphql/live-query.ts'
import { servicePage as texts } from '../../strings/service.ts'
import { Button, Loaded, Status } from '../../ui/parts.tsx'
import { Checks } from '../services/checks.tsx'

const HealthQuery = graphql(`
  query OneServiceHealth($instance: String!, $service: String!) {
    serviceHealth(instance: $instance, service: $service) { status checks { name status message remedy } }
  }
`)

/** The checks of one service, looked at when the view is opened and when a person asks again. */
export function ServiceHealth(props: { instance: string; service: string; title: string }) {
  const query = createLiveQuery(
    HealthQuery,
    () => ({ instance: props.instance, service: props.service }),
    (news) => news.kind === 'instance' && news.instance === props.instance,
  )
  return (
    <section aria-label={texts.tabs.health}>
      <div class="flex flex-wrap items-center justify-between gap-3 mb-3">
        <p class="text-quiet text-sm">{texts.healthAbout}</p>
        <Button kind="quiet" onClick={query.refresh}>
          {texts.look}
        </Button>
      </div>
      <Loaded query={query}>
        {(data) => (
          <div class="card p-5">
            <div class="mb-2">
              <Status value={data.serviceHealth.status} />
            </div>
            <Checks of={props.title} checks={data.serviceHealth.checks} />
          </div>
        )}
      </Loaded>
    </section>
  )
}
