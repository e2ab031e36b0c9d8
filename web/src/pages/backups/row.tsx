import { type JSX, Show } from 'solid-js'
import { appPage } from '../../strings/app.ts'
import { backups as texts } from '../../strings/backups.ts'
import { ago, bytes } from '../../ui/time.ts'

/** A backup as a list shows it. */
export interface ShownBackup {
  id: string
  kind: string
  app?: string | null
  appVersion?: string | null
  createdAt: string
  reason: string | null
  whole: boolean
  bytes: number
  parts: { name: string; source: string | null }[]
}

/** One backup: what of, when, how large; `children` are what can be done with it. */
export function BackupRow(props: { of: ShownBackup; children: JSX.Element }) {
  const about = () =>
    [
      bytes(Number(props.of.bytes)),
      props.of.appVersion,
      appPage.reasons[props.of.reason ?? ''],
      ...props.of.parts.map(({ source, name }) => source ?? name),
    ].filter(Boolean)
  return (
    <li class="card p-4 flex flex-wrap gap-x-4 gap-y-3 items-center">
      <div class="min-w-0 grow basis-64">
        <h3 class="font-semibold wrap-anywhere">
          {props.of.app ?? texts.kinds[props.of.kind] ?? props.of.kind}{' '}
          <time class="text-quiet font-normal text-sm" datetime={props.of.createdAt}>
            {new Date(props.of.createdAt).toLocaleString()} · {ago(props.of.createdAt)}
          </time>
        </h3>
        <p class="text-sm text-quiet wrap-anywhere">
          <Show when={props.of.whole} fallback={<span class="text-warn">{texts.unfinished}</span>}>
            {about().join(' · ')}
          </Show>
        </p>
        <code class="block text-xs text-quiet break-all">{props.of.id}</code>
      </div>
      <span class="flex flex-wrap gap-2">{props.children}</span>
    </li>
  )
}
