import { join } from 'node:path'
import { exists } from '../platform/atomic-file.ts'
import type { Paths } from '../platform/paths.ts'
import type { Services } from '../platform/schema-builder.ts'

type Parts = Pick<Services, 'nodes' | 'services' | 'apps' | 'cluster'> & { paths: Paths }

/** What the domains above it know of an instance: its counts, and what its phases are computed from. */
export function createInstanceFacts({ nodes, services, apps, cluster, paths }: Parts) {
  return {
    nodeCount: (instance: string) => nodes.count(instance),
    serviceCount: (instance: string) => services.installedCount(instance),
    appCount: (instance: string) => apps.addedCount(instance),
    cluster: (instance: string) => cluster.status(instance),
    async phases(instance: string) {
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
        nodes: records.map(({ name, role, disk, interface: link }) => ({
          name,
          role,
          complete: Boolean(disk && link),
        })),
        clusterSecrets,
        kubeconfig,
        cluster: clusterStatus,
        services: serviceList.filter(({ core }) => core),
        apps: appList,
      }
    },
  }
}
