import { createMemo, For, Show } from 'solid-js'
import { act } from '../../graphql/act.ts'
import { graphql } from '../../graphql/graphql.ts'
import { createLiveQuery } from '../../graphql/live-query.ts'
import { doctor as texts } from '../../strings/doctor.ts'
import { Button } from '../../ui/button.tsx'
import { createClock } from '../../ui/clock.ts'
import { FailureNotice } from '../../ui/notice.tsx'
import { Empty, Loaded } from '../../ui/page.tsx'
import { Status } from '../../ui/status.tsx'
import { ago } from '../../ui/time.ts'

const LatestQuery = graphql(`
  query LatestDoctor($instance: String!) {
    operations(instance: $instance, type: "app.doctor", limit: 50) {
      operationId target status result completedAt error { code message details }
    }
  }
`)
const ExamineMutation = graphql(`
  mutation ExamineApp($instance: String!, $app: String!) {
    examineApp(instance: $instance, app: $app) { operationId }
  }
`)

interface Finding {
  name: string
  status: string
  message: string
  remedy?: string
}

const worstFirst = ['failing', 'warning', 'passing']

/** What an examination found, the worst first; none before the first one ended. */
function findingsOf(result: unknown): Finding[] {
  const { checks } = (result ?? {}) as { checks?: Finding[] }
  return [...(checks ?? [])].sort((a, b) => worstFirst.indexOf(a.status) - worstFirst.indexOf(b.status))
}

/** The doctor of an app: looks at each part of it, changes nothing, and says what to do. */
export function AppDoctor(props: { instance: string; app: string }) {
  const now = createClock(30_000)
  const query = createLiveQuery(
    LatestQuery,
    () => ({ instance: props.instance }),
    (news) => news.instance === props.instance,
  )
  const latest = createMemo(() => query.data?.operations.find(({ target }) => target === props.app))
  const running = () => ['pending', 'running'].includes(latest()?.status ?? '')

  async function examine(): Promise<void> {
    if (await act(ExamineMutation, { instance: props.instance, app: props.app })) query.refresh()
  }

  return (
    <Loaded query={query}>
      {() => (
        <>
          <div class="flex flex-wrap items-center justify-between gap-3 mb-4">
            <p class="text-quiet max-w-prose">{texts.about}</p>
            <Button kind="main" onClick={() => void examine()} disabled={running()}>
              {running() ? texts.looking : texts.examine}
            </Button>
          </div>
          <Show when={latest()} fallback={<Empty title={texts.never}>{texts.neverAbout}</Empty>}>
            {(operation) => (
              <>
                <Show when={operation().error}>
                  {(error) => <FailureNotice failure={{ ...error(), details: {} }} />}
                </Show>
                <Show when={operation().completedAt}>
                  {(at) => (
                    <p class="text-quiet text-sm mb-2">
                      {texts.lookedAt(ago(at(), now()))}{' '}
                      <a class="link" href={`/operations/${operation().operationId}`}>
                        {texts.operation}
                      </a>
                    </p>
                  )}
                </Show>
                <ul class="card divide-y divide-line">
                  <For each={findingsOf(operation().result)}>
                    {(finding) => (
                      <li class="px-4 py-3 grid gap-1 sm:grid-cols-[8rem_1fr]">
                        <span class="justify-self-start">
                          <Status value={finding.status} />
                        </span>
                        <span class="min-w-0 wrap-anywhere">
                          <span class="font-medium">{finding.name}</span>
                          <span class="block text-sm">{finding.message}</span>
                          <Show when={finding.status !== 'passing' && finding.remedy}>
                            <span class="block text-sm text-quiet">{finding.remedy}</span>
                          </Show>
                        </span>
                      </li>
                    )}
                  </For>
                </ul>
              </>
            )}
          </Show>
        </>
      )}
    </Loaded>
  )
}
