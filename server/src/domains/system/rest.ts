import type { RestRoute } from '../../platform/rest-route.ts'

export const routes: RestRoute[] = [
  {
    method: 'GET',
    path: '/health',
    summary: 'Is the daemon well?',
    document: '{ health { status version uptime } }',
    answer: 'data',
  },
  {
    method: 'GET',
    path: '/status',
    summary: 'The daemon, its tools and this device',
    document:
      '{ status { daemon version uptime instances dnsmasq mirror dataDirectory node tools { name required path version problem } } }',
    answer: 'data',
  },
]
