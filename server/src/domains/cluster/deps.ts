import type { Operations } from '../../operations/engine.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Paths } from '../../platform/paths.ts'
import type { RunTool } from '../../platform/run-tool.ts'
import type { Settings } from '../../platform/settings.ts'
import type { ConfigService } from '../config/index.ts'
import type { InstancesService } from '../instances/index.ts'
import type { NodesService } from '../nodes/index.ts'
import type { SecretsService } from '../secrets/index.ts'

/** Everything the cluster domain is built from. */
export interface ClusterDeps {
  settings: Pick<Settings, 'gateway'>
  paths: Paths
  config: ConfigService
  secrets: Pick<SecretsService, 'allValues'>
  instances: Pick<InstancesService, 'require' | 'changed' | 'changes'>
  nodes: NodesService
  operations: Operations
  /** Status reads outside operations: short timeout, no log. */
  reads: RunTool
  clock: Clock
}
