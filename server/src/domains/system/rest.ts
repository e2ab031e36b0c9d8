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
      '{ status { daemon version uptime instances dnsmasq mirror dataDirectory node device { name diskTotal diskFree memoryTotal memoryFree load bytesWritten problems } tools { name required path version problem } } }',
    answer: 'data',
  },
  {
    method: 'GET',
    path: '/logs',
    summary: 'The newest lines of the log of the daemon, oldest first',
    document:
      'query ($lines: Int, $level: LogLevel) { daemonLog(lines: $lines, level: $level) { time level message fields } }',
    query: ['lines:int', 'level'],
    answer: 'data',
    wrap: 'lines',
  },
  {
    method: 'GET',
    path: '/logs/follow',
    summary: 'Lines of the log of the daemon as they are written',
    document: 'subscription ($level: LogLevel) { daemonLog(level: $level) { time level message fields } }',
    query: ['level'],
    answer: 'feed',
  },
  {
    method: 'GET',
    path: '/audit',
    summary: 'Who changed what and who saw secrets, newest first',
    document:
      'query ($lines: Int, $instance: String) { audit(lines: $lines, instance: $instance) { time action door instance key reason failed } }',
    query: ['lines:int', 'instance'],
    answer: 'data',
    wrap: 'entries',
  },
]
