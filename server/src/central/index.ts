import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import packageJson from '../../package.json' with { type: 'json' }
import { bytesWritten } from '../domains/system/device.ts'
import { attachSubscriptions } from '../doors/graphql/door.ts'
import { schema } from '../doors/graphql/schema.ts'
import { contextMaker, createApp } from '../doors/http/app.ts'
import { createGuard } from '../doors/http/guard.ts'
import { createMetrics } from '../doors/http/metrics.ts'
import { routes } from '../doors/rest/routes.ts'
import { removeTemporary } from '../platform/atomic-file.ts'
import { WildError } from '../platform/errors.ts'
import type { Log } from '../platform/log.ts'
import type { Services } from '../platform/schema-builder.ts'
import type { Settings } from '../platform/settings.ts'
import { type Foundation, layFoundation } from './foundation.ts'
import { createServices } from './services.ts'

export interface Central {
  readonly log: Log
  /** Starts answering; returns the address, and the token when it was made just now. Throws CONFLICT when the port is taken. */
  listen(): Promise<{ url: string; token?: string }>
  /** Cancels operations, ends subscriptions, closes everything within `limitMs`. */
  stop(limitMs: number): Promise<void>
}

/** The composition root: lays the foundation, builds the domains on it, opens the doors. The only place that knows them all. */
export async function createCentral(settings: Settings, serverFolder: string): Promise<Central> {
  const foundation = await layFoundation(settings, serverFolder)
  const { log, paths, operations, hold, audit, db } = foundation
  const services = createServices(foundation)
  const stopping = new AbortController()
  const { server, closeSubscriptions } = openDoors(foundation, services.all, join(serverFolder, '..', 'web', 'dist'))

  return {
    log,
    async listen() {
      await services.all.settings
        .begin()
        .catch((error: unknown) => log.warn({ err: error }, 'settings of central.yaml are not in effect'))
      const interrupted = operations.recover()
      if (interrupted) log.warn({ interrupted }, 'operations of the last run were interrupted; they can be run again')
      for (const folder of [paths.instances, paths.trash])
        for (const path of await removeTemporary(folder)) log.warn({ path }, 'removed an unfinished file')
      await services.begin(stopping.signal)
      const url = await listenOn(server, settings)
      hold.announce(url)
      log.info({ url, data: paths.data }, 'listening')
      return { url, token: await services.all.access.begin() }
    },
    async stop(limitMs) {
      log.info('stopping')
      stopping.abort()
      server.close()
      await operations.stop(limitMs - 2_000)
      await services.stop()
      await closeSubscriptions()
      server.closeAllConnections()
      audit.close()
      db.$client.close()
      hold.release()
    },
  }
}

/** GraphQL, REST, metrics and the web app over one server, which does not listen yet. */
function openDoors(
  { settings, masker, log, audit, operations, catalog }: Foundation,
  services: Services,
  webFolder: string,
) {
  const { instances, access } = services
  const metrics = createMetrics({
    operations: operations.counts,
    instances: async () =>
      Promise.all((await instances.list()).map(async ({ name }) => ({ name, status: await instances.status(name) }))),
    bytesWritten,
  })
  const guard = createGuard(settings)
  const doors = { schema, routes, masker, log, guard, access, version: packageJson.version, services, audit, metrics }
  const app = createApp({ ...doors, webFolder, iconOf: catalog.icon })
  const server = createServer(getRequestListener(app.fetch))
  const closeSubscriptions = attachSubscriptions(server, { ...doors, context: contextMaker(services, audit) })
  return { server, closeSubscriptions }
}

function listenOn(server: ReturnType<typeof createServer>, { host, port }: Settings): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'EADDRINUSE'
          ? `Port ${port} on ${host} is already in use. Stop what uses it, or set WILD_PORT to another one (0 takes a free one).`
          : `Cannot listen on ${host}:${port} (${error.code}).`
      reject(new WildError('CONFLICT', why, { field: 'WILD_PORT' }))
    })
    server.listen(port, host, () => {
      const { port: taken } = server.address() as AddressInfo
      resolve(`http://${host.includes(':') ? `[${host}]` : host}:${taken}`)
    })
  })
}
