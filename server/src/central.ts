import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import packageJson from '../package.json' with { type: 'json' }
import { createAccessService } from './domains/access/service.ts'
import { createTokenStore } from './domains/access/token.ts'
import { createAppDoctor } from './domains/app-doctor/service.ts'
import { createAppsService } from './domains/apps/service.ts'
import { createBackupsService } from './domains/backups/service.ts'
import { createCatalog } from './domains/catalog/service.ts'
import { createClusterAccess } from './domains/cluster/access/service.ts'
import { createAdoptService } from './domains/cluster/adopt/service.ts'
import { createClusterChanges } from './domains/cluster/changes/service.ts'
import { createEtcdCopies } from './domains/cluster/changes/snapshots/take.ts'
import { createHealthService } from './domains/cluster/health/service.ts'
import { createClusterService } from './domains/cluster/service.ts'
import { createConfigService } from './domains/config/service.ts'
import { createConfigStore } from './domains/config/store.ts'
import { createDnsmasqChild } from './domains/dns/child.ts'
import { usualInterface } from './domains/dns/interfaces.ts'
import { type InstanceNames, takenAddresses } from './domains/dns/model.ts'
import { lookUp } from './domains/dns/probe.ts'
import { createDnsService } from './domains/dns/service.ts'
import { createDnsStore } from './domains/dns/store.ts'
import { createArchiveService } from './domains/instances/archive/service.ts'
import { createInstancesService } from './domains/instances/service.ts'
import { createInstanceStore } from './domains/instances/store.ts'
import { createTakeIn } from './domains/instances/take-in.ts'
import { createTrashService } from './domains/instances/trash/service.ts'
import { createNodesService } from './domains/nodes/service.ts'
import { createOperationsService } from './domains/operations/service.ts'
import { createPxeService } from './domains/pxe/service.ts'
import { createPxeStore } from './domains/pxe/store.ts'
import { tftpFolder } from './domains/pxe/tftp.ts'
import { knownSecrets } from './domains/secrets/index.ts'
import { createSecretsService } from './domains/secrets/service.ts'
import { createSecretsStore } from './domains/secrets/store.ts'
import { createServiceHealth } from './domains/service-health/service.ts'
import { keepCopiesFresh } from './domains/services/certificates/watch.ts'
import { createServicesService } from './domains/services/service.ts'
import { createServiceTokens } from './domains/services/token/service.ts'
import { createSettingsService } from './domains/settings/service.ts'
import { bytesWritten } from './domains/system/device.ts'
import { createLogReader } from './domains/system/logs/reader.ts'
import { createSystemService } from './domains/system/service.ts'
import { createFactory } from './domains/talos/factory.ts'
import { createTalosService } from './domains/talos/service.ts'
import { createTemplatesService } from './domains/templates/service.ts'
import { createWorkloadsService } from './domains/workloads/service.ts'
import { attachSubscriptions } from './doors/graphql/door.ts'
import { schema } from './doors/graphql/schema.ts'
import { contextMaker, createApp } from './doors/http/app.ts'
import { createGuard } from './doors/http/guard.ts'
import { createMetrics } from './doors/http/metrics.ts'
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
import { createSignals } from './platform/signals.ts'
import { holdDataDirectory } from './platform/single-daemon.ts'
import { createToolRunner } from './platform/tool-runner.ts'
import { createVersionedYaml } from './platform/versioned-yaml.ts'
import { createFolderWatch } from './platform/watch-instances.ts'
import { parseYamlPath, valueAt } from './platform/yaml-path.ts'

export interface Central {
  readonly log: Log
  /** Starts answering; returns the address, and the token when it was made just now. Throws CONFLICT when the port is taken. */
  listen(): Promise<{ url: string; token?: string }>
  /** Cancels operations, ends subscriptions, closes everything within `limitMs`. */
  stop(limitMs: number): Promise<void>
}

const readTimeoutMs = 5_000

/** The composition root: builds every part once, top to bottom, and hands it down. The only place that knows them all. */
export async function createCentral(settings: Settings, serverFolder: string): Promise<Central> {
  const paths = createPaths(settings.dataDirectory)
  const hold = await holdDataDirectory(paths.run)
  const masker = createMasker()
  const heard = createSignals<string>()
  const log = createLog({ folder: paths.logs, level: settings.logLevel, masker, heard: heard.emit })
  const audit = createAudit(paths.logs, masker.text)
  const clock = systemClock
  const db = openDatabase(paths.database, join(serverFolder, 'drizzle'))
  const reads = createToolRunner({ masker, defaultTimeoutMs: readTimeoutMs })
  const retention = { keep: 1_000, keepDays: 90 }
  const operations = createOperations({ db, masker, clock, log, retention })

  const catalog = createCatalog({ settings, paths })
  const centralYaml = createVersionedYaml(paths.central, 'central.yaml', paths.centralHistory)
  const central = centralYaml.file
  const instanceStore = createInstanceStore(paths, central)
  const configStore = createConfigStore(paths)
  const secretsStore = createSecretsStore(paths, log)
  const instances = createInstancesService({
    store: instanceStore,
    paths,
    settings,
    clock,
    holders: operations.holders,
    tree: (instance) => config.tree(instance),
    facts: (instance) => facts(instance),
    phaseFacts: (instance) => phaseFacts(instance),
    catalogApps: async () => (await catalog.apps()).map(({ manifest }) => manifest.name),
    forget(instance) {
      configStore.forget(instance)
      secretsStore.forget(instance)
      health.forget(instance)
      handEdits.remove(instance)
    },
    hideSecrets: (instance) => hideSecretsOf(instance),
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
  const archives = createArchiveService({ store: instanceStore, instances, paths, masker, audit })
  const trash = createTrashService({ store: instanceStore, instances, paths, clock, log })
  const stopping = new AbortController()
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
  const clusterAccess = createClusterAccess({ ...shared, nodes })
  const adoption = createAdoptService({ ...shared, nodes, home: instances, audit })
  const health = createHealthService({
    ...shared,
    nodes,
    renewAccess: (instance) => clusterAccess.renew({ instance }, 'daemon'),
    everySeconds: instanceStore.healthSeconds,
    names: async () => (await instances.list()).map(({ name }) => name),
  })
  const clusterChanges = createClusterChanges({ ...shared, nodes })
  const services = createServicesService(shared)
  const serviceHealth = createServiceHealth(shared)
  const serviceTokens = createServiceTokens({ ...shared, audit })
  const apps = createAppsService({
    ...shared,
    backupBeforeUpdate: (instance, app) => backups.appSteps({ instance, app, reason: 'update' }),
  })
  const backups = createBackupsService({
    ...shared,
    central,
    etcd: createEtcdCopies({ ...shared, nodes }),
    takeIn: createTakeIn({ store: instanceStore, instances, paths }),
  })
  const workloads = createWorkloadsService({
    ...shared,
    streams: (line, signal) => createToolRunner({ masker, signal, listener: { line: (_stream, text) => line(text) } }),
  })
  const appDoctor = createAppDoctor({ ...shared, resolve: resolveAsLan })
  const dns = createDnsService({
    store: createDnsStore(join(paths.data, 'dnsmasq'), paths.logs, central),
    operations,
    clock,
    log,
    child: (changed) => createDnsmasqChild(paths.run, log, changed),
    pxe: () => pxe.options(),
    names: async () => Promise.all((await instances.list()).map(({ name }) => lanNames(name))),
    defaults: () => ({
      enabled: false,
      interface: usualInterface(),
      port: 53,
      dnsServer: '1.1.1.1',
      dhcp: 'off',
      dhcpRange: `${addressInLan(settings.lan, 100)},${addressInLan(settings.lan, 200)}`,
      leaseHours: 12,
      router: settings.gateway,
      staticLeases: [],
      logQueries: false,
    }),
  })
  const talos = createTalosService({
    config,
    operations,
    downloads: createDownloads({ folder: join(paths.cache, 'boot'), mirror: settings.mirror, clock }),
    factory: createFactory({ mirror: settings.mirror }),
    instances: async () => (await instances.list()).map(({ name }) => name),
    servedTo: (asset) => pxe.servedTo(asset),
  })
  const daemonSettings = createSettingsService({
    central: centralYaml,
    changed: (values) =>
      Object.assign(retention, { keep: values['operations.keep'], keepDays: values['operations.keepDays'] }),
  })
  const pxe = createPxeService({
    store: createPxeStore(central),
    talos,
    dns: () => dns,
    port: settings.pxePort,
    tftp: tftpFolder(paths.data),
    bootsFile: join(paths.data, 'pxe', 'boots.json'),
    clock,
    log,
    instances: async () => (await instances.list()).map(({ name }) => name),
    nodes: async () =>
      (await Promise.all((await instances.list()).map(({ name }) => lanNames(name)))).flatMap(({ name, nodes: all }) =>
        all.flatMap(({ mac, name: node }) => (mac ? [{ mac, instance: name, node: `${name}/${node}` }] : [])),
      ),
  })
  talos.changes.on(() => pxe.follow())
  dns.changes.on((change) => change === 'state' && pxe.followAddress())
  const access = createAccessService({
    wanted: settings.tokenWanted,
    store: createTokenStore(paths.token),
    clock,
    masker,
    audit,
  })
  const system = createSystemService({
    settings,
    dnsmasq: async () => (await dns.state()).status,
    version: packageJson.version,
    reads,
    countInstances: async () => (await instances.list()).length,
    logs: createLogReader(paths.logs, heard),
  })
  const metrics = createMetrics({ operations: operations.counts, instances: instanceStates, bytesWritten })

  /** What machines on the LAN are told for a name: by our own DNS when it runs, else by the server their instance names. */
  async function resolveAsLan(name: string, server: string | undefined) {
    if ((await dns.state()).status === 'running') {
      const place = { address: await dns.address(), port: (await dns.settings()).port }
      return { server: 'the DNS of Wild Central', addresses: await lookUp(place, name) }
    }
    if (server === undefined) return undefined
    return { server: `the DNS server ${server}`, addresses: await lookUp({ address: server, port: 53 }, name) }
  }

  async function instanceStates() {
    const names = await instances.list()
    return Promise.all(names.map(async ({ name }) => ({ name, status: await instances.status(name) })))
  }

  /** What an instance means for the LAN; one whose files make no sense means nothing. */
  async function lanNames(name: string): Promise<InstanceNames> {
    try {
      const tree = await config.tree(name)
      const text = (path: string) => {
        const value = valueAt(tree, parseYamlPath(path))
        return typeof value === 'string' && value ? value : undefined
      }
      const internalDomain = text('cloud.internalDomain')
      const domains = [text('cloud.domain'), internalDomain].filter((domain) => domain !== undefined)
      const records = await nodes.records(name)
      return {
        name,
        domains,
        internalDomain,
        loadBalancerIp: text('cluster.loadBalancerIp'),
        nodes: records.flatMap(({ name: node, targetIp, mac }) =>
          targetIp ? [{ name: node, ip: targetIp, mac }] : [],
        ),
        taken: takenAddresses(text),
      }
    } catch (error) {
      log.warn({ err: error, instance: name }, 'its names are left out of DNS')
      return { name, domains: [], nodes: [], taken: [] }
    }
  }

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
    archives,
    trash,
    config,
    secrets,
    templates,
    nodes,
    cluster,
    clusterAccess,
    adoption,
    health,
    clusterChanges,
    services,
    serviceHealth,
    serviceTokens,
    apps,
    appDoctor,
    backups,
    workloads,
    operations: createOperationsService(operations),
    system,
    dns,
    talos,
    pxe,
    access,
    settings: daemonSettings,
  }
  instances.changes.on(() => dns.instancesChanged())
  const guard = createGuard(settings)
  const doors = {
    schema,
    routes,
    masker,
    log,
    guard,
    access,
    version: packageJson.version,
    services: all,
    audit,
    metrics,
  }
  const app = createApp({ ...doors, webFolder: join(serverFolder, '..', 'web', 'dist'), iconOf: catalog.icon })
  const server = createServer(getRequestListener(app.fetch))
  const closeSubscriptions = attachSubscriptions(server, { ...doors, context: contextMaker(all, audit) })

  return {
    log,
    async listen() {
      await daemonSettings
        .begin()
        .catch((error: unknown) => log.warn({ err: error }, 'settings of central.yaml are not in effect'))
      const interrupted = operations.recover()
      if (interrupted) log.warn({ interrupted }, 'operations of the last run were interrupted; they can be run again')
      for (const folder of [paths.instances, paths.trash])
        for (const path of await removeTemporary(folder)) log.warn({ path }, 'removed an unfinished file')
      void trash.keepPruning(stopping.signal)
      void backups.keepSchedule(stopping.signal)
      void keepCopiesFresh({ ...shared, hide: (values) => masker.add(values) }, stopping.signal)
      void health.keepLooking(stopping.signal)
      await hideKnownSecrets()
      await watchInstances()
      await pxe.begin()
      await dns.begin()
      const url = await listenOn(server, settings)
      hold.announce(url)
      log.info({ url, data: paths.data }, 'listening')
      return { url, token: await access.begin() }
    },
    async stop(limitMs) {
      log.info('stopping')
      stopping.abort()
      server.close()
      await operations.stop(limitMs - 2_000)
      await dns.stop()
      await pxe.stop()
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
    for (const { name } of await instances.list()) await hideSecretsOf(name)
  }

  async function hideSecretsOf(instance: string): Promise<void> {
    await secrets
      .allValues(instance)
      .catch((error: unknown) => log.warn({ err: error, instance }, 'secrets could not be read'))
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
