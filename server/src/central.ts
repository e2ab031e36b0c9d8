import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import packageJson from '../package.json' with { type: 'json' }
import { createAppsService } from './domains/apps/service.ts'
import { createCatalog } from './domains/catalog/service.ts'
import { createClusterService } from './domains/cluster/service.ts'
import { createConfigService } from './domains/config/service.ts'
import { createConfigStore } from './domains/config/store.ts'
import { createInstancesService } from './domains/instances/service.ts'
import { createInstanceStore } from './domains/instances/store.ts'
import { createNodesService } from './domains/nodes/service.ts'
import { createOperationsService } from './domains/operations/service.ts'
import { knownSecrets } from './domains/secrets/index.ts'
import { createSecretsService } from './domains/secrets/service.ts'
import { createSecretsStore } from './domains/secrets/store.ts'
import { createServicesService } from './domains/services/service.ts'
import { createSystemService } from './domains/system/service.ts'
import { createTemplatesService } from './domains/templates/service.ts'
import { attachSubscriptions } from './doors/graphql/door.ts'
import { schema } from './doors/graphql/schema.ts'
import { contextMaker, createApp } from './doors/http/app.ts'
import { createGuard } from './doors/http/guard.ts'
import { routes } from './doors/rest/routes.ts'
import { createOperations } from './operations/engine.ts'
import { exists, removeTemporary } from './platform/atomic-file.ts'
import { createAudit } from './platform/audit.ts'
import { systemClock } from './platform/clock.ts'
import { openDatabase } from './platform/db.ts'
import { createDownloads } from './platform/download.ts'
import { WildError } from './platform/errors.ts'
import { createLog, type Log } from './platform/log.ts'
import { createMasker } from './platform/masking.ts'
import { addressInLan } from './platform/network.ts'
import { createPaths } from './platform/paths.ts'
import type { Services } from './platform/schema-builder.ts'
import type { Settings } from './platform/settings.ts'
import { holdDataDirectory } from './platform/single-daemon.ts'
import { createToolRunner } from './platform/tool-runner.ts'
import { createFolderWatch } from './platform/watch-instances.ts'

export interface Central {
  readonly log: Log
  /** Starts answering; returns the address. Throws CONFLICT when the port is taken. */
  listen(): Promise<string>
  /** Cancels operations, ends subscriptions, closes everything within `limitMs`. */
  stop(limitMs: number): Promise<void>
}

const readTimeoutMs = 5_000

/** The composition root: builds every part once, top to bottom, and hands it down. The only place that knows them all. */
export async function createCentral(settings: Settings, serverFolder: string): Promise<Central> {
  const paths = createPaths(settings.dataDirectory)
  const hold = await holdDataDirectory(paths.run)
  const masker = createMasker()
  const log = createLog({ folder: paths.logs, level: settings.logLevel, masker })
  const audit = createAudit(paths.logs)
  const clock = systemClock
  const db = openDatabase(paths.database, join(serverFolder, 'drizzle'))
  const reads = createToolRunner({ masker, defaultTimeoutMs: readTimeoutMs })
  const operations = createOperations({ db, masker, clock, log })

  const catalog = createCatalog({ settings, paths })
  const instanceStore = createInstanceStore(paths)
  const configStore = createConfigStore(paths)
  const secretsStore = createSecretsStore(paths, log)
  const instances = createInstancesService({
    store: instanceStore,
    paths,
    settings,
    holders: operations.holders,
    tree: (instance) => config.tree(instance),
    facts: (instance) => facts(instance),
    phaseFacts: (instance) => phaseFacts(instance),
    forget(instance) {
      configStore.forget(instance)
      secretsStore.forget(instance)
      handEdits.remove(instance)
    },
  })
  const config = createConfigService({
    store: configStore,
    requireInstance: instances.require,
    changed: (name) => instances.changed(name, 'config'),
    mask: masker.text,
    surroundings: { gateway: settings.gateway, lan: (offset) => addressInLan(settings.lan, offset) },
  })
  const secrets = createSecretsService({
    store: secretsStore,
    masker,
    requireInstance: instances.require,
    changed: (name) => instances.changed(name, 'secrets'),
    audit,
    known: (instance) => knownSecrets(catalog, (of, name) => exists(paths.instance(instance)[of](name))),
  })
  const templates = createTemplatesService({ config, secrets, reads, masker, audit })
  const downloads = createDownloads({ folder: join(paths.cache, 'releases'), mirror: settings.mirror, clock })
  const shared = {
    settings,
    paths,
    clock,
    db,
    reads,
    operations,
    config,
    secrets,
    instances,
    masker,
    catalog,
    downloads,
    log,
  }
  const nodes = createNodesService(shared)
  const cluster = createClusterService({ ...shared, nodes })
  const services = createServicesService(shared)
  const apps = createAppsService(shared)
  const system = createSystemService({
    settings,
    version: packageJson.version,
    reads,
    countInstances: async () => (await instances.list()).length,
  })

  async function facts(instance: string) {
    const [nodeCount, serviceCount, appCount, clusterStatus] = await Promise.all([
      nodes.count(instance),
      services.installedCount(instance),
      apps.addedCount(instance),
      cluster.status(instance),
    ])
    return { nodeCount, serviceCount, appCount, cluster: clusterStatus }
  }

  async function phaseFacts(instance: string) {
    const places = paths.instance(instance)
    const [records, serviceList, appList, clusterStatus, clusterSecrets, kubeconfig] = await Promise.all([
      nodes.records(instance),
      services.list(instance),
      apps.list(instance),
      cluster.status(instance),
      exists(join(places.generated, 'secrets.yaml')),
      exists(places.kubeconfig),
    ])
    return {
      nodes: records.map(({ name, role, disk, interface: link }) => ({ name, role, complete: Boolean(disk && link) })),
      clusterSecrets,
      kubeconfig,
      cluster: clusterStatus,
      services: serviceList.filter(({ core }) => core),
      apps: appList,
    }
  }

  const handEdits = createFolderWatch(['config.yaml', 'secrets.yaml'], (name, file) => {
    instances.changed(name, file === 'config.yaml' ? 'config' : 'secrets')
    if (file === 'config.yaml')
      config
        .noticeHandEdit(name)
        .catch((error: unknown) => log.warn({ err: error, instance: name }, 'an edit made by hand was not kept'))
  })
  async function watchInstances(): Promise<void> {
    for (const { name } of await instances.list()) handEdits.add(name, paths.instance(name).root)
  }
  instances.changes.on(
    ({ part, instance }) => part === 'config' && handEdits.add(instance, paths.instance(instance).root),
  )

  const all: Services = {
    instances,
    config,
    secrets,
    templates,
    nodes,
    cluster,
    services,
    apps,
    operations: createOperationsService(operations),
    system,
  }
  const guard = createGuard(settings)
  const doors = { schema, routes, masker, log, guard, version: packageJson.version, services: all }
  const app = createApp({ ...doors, webFolder: join(serverFolder, '..', 'web', 'dist'), iconOf: catalog.icon })
  const server = createServer(getRequestListener(app.fetch))
  const closeSubscriptions = attachSubscriptions(server, { ...doors, context: contextMaker(all) })

  return {
    log,
    async listen() {
      const interrupted = operations.recover()
      if (interrupted) log.warn({ interrupted }, 'operations of the last run were interrupted; they can be run again')
      for (const path of await removeTemporary(paths.instances)) log.warn({ path }, 'removed an unfinished file')
      await hideKnownSecrets()
      await watchInstances()
      const url = await listenOn(server, settings)
      hold.announce(url)
      log.info({ url, data: paths.data }, 'listening')
      return url
    },
    async stop(limitMs) {
      log.info('stopping')
      server.close()
      await operations.stop(limitMs - 2_000)
      await closeSubscriptions()
      server.closeAllConnections()
      handEdits.close()
      audit.close()
      db.$client.close()
      hold.release()
    },
  }

  /** Every secret on disk is known to the masker before the first request. */
  async function hideKnownSecrets(): Promise<void> {
    for (const { name } of await instances.list())
      await secrets
        .allValues(name)
        .catch((error: unknown) => log.warn({ err: error, instance: name }, 'secrets could not be read'))
  }
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
