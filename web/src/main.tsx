import { Route, Router } from '@solidjs/router'
import { lazy } from 'solid-js'
import { render } from 'solid-js/web'
import './app.css'
import { startNews } from './graphql/news.ts'
import { Layout } from './ui/layout.tsx'

const page = {
  instances: lazy(() => import('./pages/instances.tsx')),
  overview: lazy(() => import('./pages/overview.tsx')),
  nodes: lazy(() => import('./pages/nodes.tsx')),
  cluster: lazy(() => import('./pages/cluster.tsx')),
  services: lazy(() => import('./pages/services.tsx')),
  apps: lazy(() => import('./pages/apps.tsx')),
  app: lazy(() => import('./pages/app.tsx')),
  config: lazy(() => import('./pages/config.tsx')),
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
}

startNews()

// The other pages come in when there is nothing else to do: then a page opens at once, also while the daemon is away.
const whenIdle = window.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 1_000))
window.addEventListener('load', () => whenIdle(() => Object.values(page).map((each) => each.preload().catch(() => {}))))

render(
  () => (
    <Router root={Layout}>
      <Route path="/" component={page.instances} />
      <Route path="/instances/:instance" component={page.overview} />
      <Route path="/instances/:instance/nodes" component={page.nodes} />
      <Route path="/instances/:instance/cluster" component={page.cluster} />
      <Route path="/instances/:instance/services" component={page.services} />
      <Route path="/instances/:instance/apps" component={page.apps} />
      <Route path="/instances/:instance/apps/:app" component={page.app} />
      <Route path="/instances/:instance/config" component={page.config} />
      <Route path="/instances/:instance/backups" component={page.backups} />
      <Route path="/instances/:instance/templates" component={page.templates} />
      <Route path="/operations" component={page.operations} />
      <Route path="/operations/:id" component={page.operation} />
      <Route path="/instances/:instance/image" component={page.image} />
      <Route path="/pxe" component={page.pxe} />
      <Route path="/dns" component={page.dns} />
      <Route path="/start/:instance?/:station?" component={page.start} />
      <Route path="/system" component={page.system} />
      <Route path="/help/:document?" component={page.help} />
      <Route path="*" component={page.nothing} />
    </Router>
  ),
  document.getElementById('app')!,
)
