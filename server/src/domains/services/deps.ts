import type { StepItem } from '../../operations/define.ts'
import type { Operations } from '../../operations/engine.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Downloads } from '../../platform/download.ts'
import type { RunTool } from '../../platform/run-tool.ts'
import type { Catalog } from '../catalog/index.ts'
import type { ConfigService } from '../config/index.ts'
import type { InstancesService } from '../instances/index.ts'
import type { SecretsService } from '../secrets/index.ts'

/** Everything services and apps are built from. */
export interface InstallDeps {
  instances: InstancesService
  config: ConfigService
  secrets: SecretsService
  catalog: Catalog
  operations: Operations
  downloads: Downloads
  /** Status reads outside operations. */
  reads: RunTool
  clock: Clock
  /** The steps of a backup of an app before it is updated, as part of the update; absent where backups are not to be had. */
  backupBeforeUpdate?(instance: string, app: string): Promise<StepItem[]>
}
