import { useNavigate } from '@solidjs/router'
import { createSignal, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import type { Failure } from '../../graphql/failure.ts'
import { graphql } from '../../graphql/graphql.ts'
import { about, createLiveQuery } from '../../graphql/live-query.ts'
import { saveText } from '../../graphql/rest.ts'
import { clusterText } from '../../strings/cluster.ts'
import { Button, FailureNotice, Loaded } from '../../ui/parts.tsx'
import { preview } from '../../ui/plan.tsx'

const texts = clusterText.access

const AccessQuery = graphql(`
  query ClusterAccess($instance: String!) {
    clusterAccess(instance: $instance) {
      kubeconfig { context server expiresAt }
      talosconfig { context endpoints expiresAt }
    }
  }
`)
const RenewMutation = graphql(
  'mutation RenewAccess($instance: String!) { renewClusterAccess(instance: $instance, fresh: true) { operationId } }',
)

/** Asks for them; the page does at once, not when it knows how the cluster is. */
export const createAccess = (instance: () => string) =>
  createLiveQuery(AccessQuery, () => ({ instance: instance() }), about(instance))

/** The files that give access to machines and Kubernetes: until when, to save, to renew. */
export function ClusterAccess(props: { instance: string; query: ReturnType<typeof createAccess> }) {
  const navigate = useNavigate()
  const [refusal, setRefusal] = createSignal<Failure>()

  function saveFile(kind: 'kubeconfig' | 'talosconfig' | 'hand-back/archive', name: string): void {
    setRefusal(undefined)
    const path = `/instances/${encodeURIComponent(props.instance)}/cluster/${kind}`
    void saveText(path, name, setRefusal)
  }

  async function renew(): Promise<void> {
    const input = { instance: props.instance, fresh: true }
    if (!(await preview({ type: 'cluster.renew-access', input }))) return
    const done = await act(RenewMutation, { instance: props.instance })
    if (done) navigate(`/operations/${done.renewClusterAccess.operationId}`)
  }

  return (
    <section class="mt-6">
      <h2 class="font-semibold mb-2">{texts.title}</h2>
      <Loaded query={props.query}>
        {({ clusterAccess: access }) => (
          <div class="card divide-y divide-line">
            <Show when={access.kubeconfig}>
              {(kube) => (
                <Row
                  name="kubeconfig"
                  about={texts.kubeconfig(kube().server)}
                  ends={kube().expiresAt}
                  save={() => saveFile('kubeconfig', `${props.instance}.kubeconfig`)}
                />
              )}
            </Show>
            <Show when={access.talosconfig}>
              {(talos) => (
                <Row
                  name="talosconfig"
                  about={texts.talosconfig(talos().endpoints)}
                  ends={talos().expiresAt}
                  save={() => saveFile('talosconfig', `${props.instance}.talosconfig`)}
                />
              )}
            </Show>
            <Row
              name="archive"
              title={texts.archive}
              about={texts.archiveAbout}
              ends={null}
              save={() => saveFile('hand-back/archive', `${props.instance}-cluster.tar.gz`)}
            />
            <div class="px-4 py-3 flex flex-wrap justify-between items-center gap-3">
              <span class="grow basis-64 text-quiet text-sm">{texts.about}</span>
              <Button onClick={renew}>{texts.renew}</Button>
            </div>
          </div>
        )}
      </Loaded>
      <Show when={refusal()}>{(failure) => <FailureNotice failure={failure()} />}</Show>
    </section>
  )
}

function Row(props: { name: string; title?: string; about: string; ends: string | null; save(): void }) {
  return (
    <div class="px-4 py-3 flex flex-wrap justify-between items-center gap-3">
      <span class="grow basis-64 min-w-0 wrap-anywhere">
        <span class="font-medium">{props.title ?? props.name}</span>
        <span class="block text-quiet text-sm">
          {props.about}
          <Show when={props.ends}>{(ends) => <>{texts.until(new Date(ends()).toLocaleDateString())}</>}</Show>
        </span>
      </span>
      <Button onClick={props.save} aria-label={texts.saveIt(props.name)}>
        {texts.save}
      </Button>
    </div>
  )
}
