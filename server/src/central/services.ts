import { join } from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { createAccessService } from '../domains/access/service.ts'
import { createTokenStore } from '../domains/access/token.ts'
import { createAppDoctor } from '../domains/app-doctor/service.ts'
import { createAppsService } from '../domains/apps/service.ts'
import { createBackupsService } from '../domains/backups/service.ts'
import { createClusterAccess } from '../domains/cluster/access/service.ts'
import { createAdoptService } from '../domains/cluster/adopt/service.ts'
import { createClusterChanges } from '../domains/cluster/changes/service.ts'
import { createEtcdCopies } from '../domains/cluster/changes/snapshots/take.ts'
import { createHealthService } from '../domains/cluster/health/service.ts'
import { createClusterService } from '../domains/cluster/service.ts'
import { createConfigService } from '../domains/config/service.ts'
import { createConfigStore } from '../domains/config/store.ts'
import { createDnsmasqChild } from '../domains/dns/child.ts'
import { usualInterface } from '../domains/dns/interfaces.ts'
import { createDnsService } from '../domains/dns/service.ts'
import { createDnsStore } from '../domains/dns/store.ts'
import { createArchiveService } from '../domains/instances/archive/service.ts'
import { createInstancesService } from '../domains/instances/service.ts'
import { createInstanceStore } from '../domains/instances/store.ts'
import { createTakeIn } from '../domains/instances/take-in.ts'
import { createTrashService } from '../domains/instances/trash/service.ts'
import { createNodesService } from '../domains/nodes/service.ts'
import { createOperationsService } from '../domains/operations/service.ts'
import { createPxeService } from '../domains/pxe/service.ts'
import { createPxeStore } from '../domains/pxe/store.ts'
import { tftpFolder } from '../domains/pxe/tftp.ts'
import { knownSecrets } from '../domains/secrets/index.ts'
import { createSecretsService } from '../domains/secrets/service.ts'
import { createSecretsStore } from '../domains/secrets/store.ts'
import { createServiceHealth } from '../domains/service-health/service.ts'
import { keepCopiesFresh } from '../domains/services/certificates/watch.ts'
import { createServicesService } from '../domains/services/service.ts'
import { createServiceTokens } from '../domains/services/token/service.ts'
import { createSettingsService } from '../domains/settings/service.ts'
import { createLogReader } from '../domains/system/logs/reader.ts'
import { createSystemService } from '../domains/system/service.ts'
import { createFactory } from '../domains/talos/factory.ts'
import { createTalosService } from '../domains/talos/service.ts'
import { createTemplatesService } from '../domains/templates/service.ts'
import { createWorkloadsService } from '../domains/workloads/service.ts'
import { exists } from '../platform/atomic-file.ts'
import { createDownloads } from '../platform/download.ts'
import { addressInLan } from '../platform/network.ts'
import type { Services } from '../platform/schema-builder.ts'
import { createToolRunner } from '../platform/tool-runner.ts'
import type { Foundation } from './foundation.ts'
import { createHandEdits } from './hand-edits.ts'
import { createInstanceFacts } from './instance-facts.ts'
import { createLan } from './lan.ts'

/** Every domain, built once and handed to those that stand on it; `begin` and `stop` are what they do while the daemon lives. */
export function createServices(foundation: Foundation) {
  const { settings, paths, masker, heard, log, audit, clock, reads, retention, operations, catalog, centralYaml } =
    foundation
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
    get facts() {
      return facts
    },
    phaseFacts: (instance) => facts.phases(instance),
    catalogApps: async () => (await catalog.apps()).map(({ manifest }) => manifest.name),
    forget(instance) {
      configStore.forget(instance)
      secretsStore.forget(instance)
      health.forget(instance)
      handEdits.forget(instance)
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
  const templates = createTemplatesService({ config, secrets, reads, masker, audit })
  const shared = { ...foundation, config, secrets, instances }
  const instanceNames = async () => (await instances.list()).map(({ name }) => name)
  const nodes = createNodesService(shared)
  const cluster = createClusterService({ ...shared, nodes })
  const clusterAccess = createClusterAccess({ ...shared, nodes })
  const adoption = createAdoptService({ ...shared, nodes, home: instances, audit })
  const health = createHealthService({
    ...shared,
    nodes,
    renewAccess: (instance) => clusterAccess.renew({ instance }, 'daemon'),
    everySeconds: instanceStore.healthSeconds,
    names: instanceNames,
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
  const appDoctor = createAppDoctor({ ...shared, resolve: (name, server) => lan.resolve(name, server) })
  const dns = createDnsService({
    store: createDnsStore(join(paths.data, 'dnsmasq'), paths.logs, central),
    operations,
    clock,
    log,
    child: (changed) => createDnsmasqChild(paths.run, log, changed),
    pxe: () => pxe.options(),
    names: () => lan.names(),
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
    instances: instanceNames,
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
    instances: instanceNames,
    nodes: () => lan.machines(),
  })
  const lan = createLan({ instances, config, nodes, log, dns: () => dns })
  const facts = createInstanceFacts({ nodes, services, apps, cluster, paths })
  const handEdits = createHandEdits({ instances, config, paths, log })
  instances.changes.on(() => dns.instancesChanged())
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

  return {
    all,
    /** Brings back what the daemon does by itself, and keeps doing it until `stopping`. */
    async begin(stopping: AbortSignal): Promise<void> {
      void trash.keepPruning(stopping)
      void backups.keepSchedule(stopping)
      void keepCopiesFresh({ ...shared, hide: (values) => masker.add(values) }, stopping)
      void health.keepLooking(stopping)
      // Every secret on disk is known to the masker before the first request.
      for (const name of await instanceNames()) await hideSecretsOf(name)
      await handEdits.begin()
      await pxe.begin()
      await dns.begin()
    },
    async stop(): Promise<void> {
      await dns.stop()
      await pxe.stop()
      handEdits.stop()
    },
  }

  async function hideSecretsOf(instance: string): Promise<void> {
    await secrets
      .allValues(instance)
      .catch((error: unknown) => log.warn({ err: error, instance }, 'secrets could not be read'))
  }
}
