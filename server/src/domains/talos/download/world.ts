import type { Downloads } from '../../../platform/download.ts'
import type { Factory } from '../factory.ts'
import type { InstanceSchematic } from '../model.ts'

/** What the steps of a download use. */
export interface DownloadDeps {
  downloads: Downloads
  factory: Factory
  /** Throws NOT_FOUND for an instance that is not there. */
  schematicOf(instance: string): Promise<InstanceSchematic>
  /** The text of a schematic that some instance describes. */
  knownYaml(schematicId: string): Promise<string | undefined>
  /** Something about the files here changed. */
  changed(): void
}
