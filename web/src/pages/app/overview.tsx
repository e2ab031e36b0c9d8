import { A } from '@solidjs/router'
import { For, Show } from 'solid-js'
import { appPage as texts } from '../../strings/app.ts'
import { Notice, Status } from '../../ui/parts.tsx'
import { ago } from '../../ui/time.ts'
import { Card, WorkloadWorld } from '../workload/world.tsx'

/** How the app is: trouble first, then what it runs as, where it is, what it keeps and what it needs. */
export function AppOverview(props: {
  instance: string
  app: {
    name: string
    trouble: string | null
    notes: string | null
    dependencyList: { name: string; status: string }[]
  }
  lastBackup: string | undefined
}) {
  return (
    <>
      <Show when={props.app.trouble}>
        <div class="mb-5">
          <Notice tone="warn">
            <p class="wrap-anywhere">{props.app.trouble}</p>
          </Notice>
        </div>
      </Show>
      <Show when={props.app.notes}>
        <div class="mb-5">
          <Notice tone="accent">
            <p class="whitespace-pre-line wrap-anywhere">{props.app.notes}</p>
          </Notice>
        </div>
      </Show>
      <WorkloadWorld instance={props.instance} kind="app" name={props.app.name}>
        <Card title={texts.dependencies}>
          <ul class="grid gap-2 text-sm">
            <For each={props.app.dependencyList} fallback={<li class="text-quiet">{texts.nothing}</li>}>
              {(dependency) => (
                <li class="flex justify-between gap-2">
                  <A class="link" href={`/instances/${props.instance}/apps/${dependency.name}`}>
                    {dependency.name}
                  </A>
                  <Status value={dependency.status} />
                </li>
              )}
            </For>
          </ul>
          <p class="text-sm mt-4">
            {texts.lastBackup}: <span class="text-quiet">{props.lastBackup ? ago(props.lastBackup) : texts.never}</span>
          </p>
        </Card>
      </WorkloadWorld>
    </>
  )
}
