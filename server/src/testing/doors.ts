import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { pino } from 'pino'
import { createOperationsService } from '../domains/operations/service.ts'
import { attachSubscriptions } from '../doors/graphql/door.ts'
import { schema } from '../doors/graphql/schema.ts'
import { contextMaker, createApp } from '../doors/http/app.ts'
import { createGuard } from '../doors/http/guard.ts'
import { createMetrics } from '../doors/http/metrics.ts'
import { routes } from '../doors/rest/routes.ts'
import type { Services } from '../platform/schema-builder.ts'
import { readSettings } from '../platform/settings.ts'
import type { anEngine } from './engine.ts'

/** Nobody looks at what is noted and counted. */
export const unnoticed = {
  audit: { record: () => undefined, close: () => undefined },
  metrics: createMetrics({ operations: () => [], instances: async () => [], bytesWritten: async () => undefined }),
}

/**
 * The real HTTP and WebSocket doors in front of an engine with operations of a test's own; other domains are not there.
 * Resolves with the address on loopback and what closes it.
 */
export async function serveEngine(
  { operations, masker, folder }: ReturnType<typeof anEngine>,
  options: { heartbeatMs?: number } = {},
): Promise<{ url: string; close(): Promise<void> }> {
  const services = { operations: createOperationsService(operations) } as Services
  const guard = createGuard(readSettings({}, folder))
  const access = { check: async () => undefined }
  const doors = {
    schema,
    routes,
    masker,
    guard,
    access,
    version: '0',
    ...options,
    services,
    ...unnoticed,
    log: pino({ level: 'silent' }),
  }
  const server = createServer(getRequestListener(createApp({ ...doors, webFolder: folder }).fetch))
  const closeSubscriptions = attachSubscriptions(server, { ...doors, context: contextMaker(services, unnoticed.audit) })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      await closeSubscriptions()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
