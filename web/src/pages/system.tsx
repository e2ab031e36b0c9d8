import { useSearchParams } from '@solidjs/router'
import { Match, Switch } from 'solid-js'
import { system } from '../strings/system.ts'
import { PageHeader } from '../ui/page.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { Audit } from './system/audit.tsx'
import { Device } from './system/device.tsx'
import { Log } from './system/log.tsx'
import { Settings } from './system/settings.tsx'

type View = keyof typeof system.views
const views = Object.entries(system.views).map(([id, title]) => ({ id, title }))

export default function SystemPage() {
  const [search, setSearch] = useSearchParams<{ view?: View }>()
  const view = (): View => (search.view && search.view in system.views ? search.view : 'device')
  return (
    <>
      <PageHeader title={system.title} about={system.about}>
        <a class="link" href="/graphql" target="_self">
          {system.explorer}
        </a>
      </PageHeader>
      <Tabs label={system.title} tabs={views} value={view()} onChange={(id) => setSearch({ view: id as View })} />
      <div role="tabpanel" id="view" aria-label={system.views[view()]}>
        <Switch fallback={<Device />}>
          <Match when={view() === 'log'}>
            <Log />
          </Match>
          <Match when={view() === 'audit'}>
            <Audit />
          </Match>
          <Match when={view() === 'settings'}>
            <Settings />
          </Match>
        </Switch>
      </div>
    </>
  )
}
