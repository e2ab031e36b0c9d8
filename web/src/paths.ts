/** Where each page is, as the router writes addresses. The only list of pages: the router, and the tests that visit each. */
export const paths = {
  instances: '/',
  overview: '/instances/:instance',
  nodes: '/instances/:instance/nodes',
  cluster: '/instances/:instance/cluster',
  services: '/instances/:instance/services',
  service: '/instances/:instance/services/:service',
  apps: '/instances/:instance/apps',
  app: '/instances/:instance/apps/:app',
  catalogApp: '/instances/:instance/apps/catalog/:app',
  config: '/instances/:instance/config',
  secrets: '/instances/:instance/secrets',
  backups: '/instances/:instance/backups',
  templates: '/instances/:instance/templates',
  image: '/instances/:instance/image',
  operations: '/operations',
  operation: '/operations/:id',
  pxe: '/pxe',
  dns: '/dns',
  start: '/start/:instance?/:station?',
  system: '/system',
  help: '/help/:document?',
  nothing: '*',
} as const

export type PageName = keyof typeof paths
