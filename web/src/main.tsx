import { Route, Router } from '@solidjs/router'
import { type Component, For, lazy } from 'solid-js'
import { render } from 'solid-js/web'
import './app.css'
import { startNews } from './graphql/news.ts'
import { type PageName, paths } from './paths.ts'
import { Layout } from './ui/layout.tsx'

/** A page comes in when it is opened, or before. */
const page = {
  instances: lazy(() => import('./pages/instances.tsx')),
  overview: lazy(() => import('./pages/overview.tsx')),
  nodes: lazy(() => import('./pages/nodes.tsx')),
  cluster: lazy(() => import('./pages/cluster.tsx')),
  services: lazy(() => import('./pages/services.tsx')),
  service: lazy(() => import('./pages/service.tsx')),
  apps: lazy(() => import('./pages/apps.tsx')),
  app: lazy(() => import('./pages/app.tsx')),
  catalogApp: lazy(() => import('./pages/catalog-app.tsx')),
  config: lazy(() => import('./pages/config.tsx')),
  secrets: lazy(() => import('./pages/secrets.tsx')),
  templates: lazy(() => import('./pages/templates.tsx')),
  operations: lazy(() => import('./pages/operations.tsx')),
  operation: lazy(() => import('./pages/operation.tsx')),
  backups: lazy(() => import('./pages/backups.tsx')),
  image: lazy(() => import('./pages/image.tsx')),
  pxe: lazy(() => import('./pages/pxe.tsx')),
  dns: lazy(() => import('./pages/dns.tsx')),
  start: lazy(() => import('./pages/start.tsx')),
  system: lazy(() => import('./pages/system.tsx')),
  help: lazy(() => import('./pages/help.tsx')),
  nothing: lazy(() => import('./pages/nothing-here.tsx')),
} satisfies Record<PageName, Component>

startNews()

// The other pages come in when there is nothing else to do: then a page opens at once, also while the daemon is away.
const whenIdle = window.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 1_000))
window.addEventListener('load', () => whenIdle(() => Object.values(page).map((each) => each.preload().catch(() => {}))))

render(
  () => (
    <Router root={Layout}>
      <For each={Object.keys(paths) as PageName[]}>{(name) => <Route path={paths[name]} component={page[name]} />}</For>
    </Router>
  ),
  document.getElementById('app')!,
)
