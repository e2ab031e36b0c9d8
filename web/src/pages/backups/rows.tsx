import { For, type JSX, Show } from 'solid-js'
import { backups as texts } from '../../strings/backups.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/page.tsx'
import { ago, bytes } from '../../ui/time.ts'
import { createKeeping } from './keep.ts'

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
  parts: { name: string; source: string | null; rows?: number | null; files?: number | null }[]
}

/** Backups, newest first, of an instance, or of the device when none is named. `children` are what else can be done with each. */
export function BackupRows<B extends ShownBackup>(props: {
  of: B[]
  instance: string | undefined
  label: string
  /** What to say when there are none: a title, and how one comes. */
  none: [title: string, about: string]
  children(backup: B): JSX.Element
}) {
  const { verify, remove } = createKeeping(() => props.instance)
  return (
    <Show
      when={props.of.length > 0}
      fallback={
        <Empty title={props.none[0]} icon="backups">
          {props.none[1]}
        </Empty>
      }
    >
      <ul class="grid gap-3" aria-label={props.label}>
        <For each={props.of}>
          {(backup) => (
            <Row of={backup}>
              {props.children(backup)}
              <Show when={backup.whole}>
                <Button kind="quiet" aria-label={`${texts.verify} ${backup.id}`} onClick={() => verify(backup.id)}>
                  {texts.verify}
                </Button>
              </Show>
              <Button
                kind="quiet"
                aria-haspopup="dialog"
                aria-label={`${texts.remove} ${backup.id}`}
                onClick={() => remove(backup.id)}
              >
                {texts.remove}
              </Button>
            </Row>
          )}
        </For>
      </ul>
    </Show>
  )
}

/** One backup: what of, when, how large; `children` are what can be done with it. */
function Row(props: { of: ShownBackup; children: JSX.Element }) {
  const about = () =>
    [
      bytes(Number(props.of.bytes)),
      props.of.appVersion,
      texts.reasons[props.of.reason ?? ''],
      ...props.of.parts.map(partText),
    ].filter(Boolean)
  return (
    <li class="card p-4 flex flex-wrap gap-x-4 gap-y-3 items-center">
      <div class="min-w-0 grow basis-64">
        <h3 class="font-semibold wrap-anywhere">
          {props.of.app ?? texts.kinds[props.of.kind] ?? props.of.kind}{' '}
          <time class="text-quiet font-normal text-sm" datetime={props.of.createdAt}>
            <span class="whitespace-nowrap">{new Date(props.of.createdAt).toLocaleString()}</span> ·{' '}
            <span class="whitespace-nowrap">{ago(props.of.createdAt)}</span>
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

function partText({ name, source, rows, files }: ShownBackup['parts'][number]): string {
  const counted = typeof rows === 'number' ? texts.rows(rows) : typeof files === 'number' ? texts.files(files) : ''
  return `${source ?? name}${counted ? ` (${counted})` : ''}`
}
