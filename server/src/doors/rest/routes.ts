import { routes as access } from '../../domains/access/rest.ts'
import { routes as appDoctor } from '../../domains/app-doctor/rest.ts'
import { routes as apps } from '../../domains/apps/rest.ts'
import { routes as backups } from '../../domains/backups/rest.ts'
import { routes as clusterChanges } from '../../domains/cluster/changes/rest.ts'
import { routes as cluster } from '../../domains/cluster/rest.ts'
import { routes as secretCopy } from '../../domains/cluster/secret-copy/rest.ts'
import { routes as config } from '../../domains/config/rest.ts'
import { routes as dns } from '../../domains/dns/rest.ts'
import { routes as archives } from '../../domains/instances/archive/rest.ts'
import { routes as instances } from '../../domains/instances/rest.ts'
import { routes as trash } from '../../domains/instances/trash/rest.ts'
import { routes as nodes } from '../../domains/nodes/rest.ts'
import { routes as operations } from '../../domains/operations/rest.ts'
import { routes as pxe } from '../../domains/pxe/rest.ts'
import { routes as secrets } from '../../domains/secrets/rest.ts'
import { routes as serviceHealth } from '../../domains/service-health/rest.ts'
import { routes as certificates } from '../../domains/services/certificates/rest.ts'
import { routes as services } from '../../domains/services/rest.ts'
import { routes as serviceTokens } from '../../domains/services/token/rest.ts'
import { routes as settings } from '../../domains/settings/rest.ts'
import { routes as system } from '../../domains/system/rest.ts'
import { routes as talos } from '../../domains/talos/rest.ts'
import { routes as templates } from '../../domains/templates/rest.ts'
import { routes as workloads } from '../../domains/workloads/rest.ts'
import type { RestRoute } from '../../platform/rest-route.ts'

/** Every REST endpoint there is. */
export const routes: RestRoute[] = [
  ...instances,
  ...archives,
  ...trash,
  ...config,
  ...secrets,
  ...templates,
  ...nodes,
  ...cluster,
  ...secretCopy,
  ...clusterChanges,
  ...certificates,
  ...services,
  ...serviceHealth,
  ...serviceTokens,
  ...apps,
  ...appDoctor,
  ...backups,
  ...workloads,
  ...operations,
  ...dns,
  ...talos,
  ...pxe,
  ...access,
  ...settings,
  ...system,
]
