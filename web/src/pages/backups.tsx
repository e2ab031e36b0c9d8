import { useParams, useSearchParams } from '@solidjs/router'
import { Match, Switch } from 'solid-js'
import { backups as texts } from '../strings/backups.ts'
import { PageHeader } from '../ui/page.tsx'
import { Running } from '../ui/running.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { DeviceBackups } from './backups/device.tsx'
import { BackupList } from './backups/list.tsx'
import { ScheduleForm } from './backups/schedule.tsx'
import { TargetForm } from './backups/target.tsx'

type View = keyof typeof texts.views
const views = Object.entries(texts.views).map(([id, title]) => ({ id, title }))

/** Backups of an instance and of the device: what there is, making and restoring them, where they go and when. */
export default function BackupsPage() {
  const params = useParams<{ instance: string }>()
  const [search, setSearch] = useSearchParams<{ view?: View }>()
  const view = (): View => (search.view && search.view in texts.views ? search.view : 'list')
  return (
    <>
      <PageHeader title={texts.title} about={texts.about} />
      <Running instance={params.instance} />
      <Tabs label={texts.title} tabs={views} value={view()} onChange={(id) => setSearch({ view: id as View })} />
      <div role="tabpanel" id="view" aria-label={texts.views[view()]}>
        <Switch fallback={<BackupList instance={params.instance} />}>
          <Match when={view() === 'target'}>
            <TargetForm instance={params.instance} />
          </Match>
          <Match when={view() === 'schedule'}>
            <ScheduleForm />
          </Match>
          <Match when={view() === 'device'}>
            <DeviceBackups />
          </Match>
        </Switch>
      </div>
    </>
  )
}
