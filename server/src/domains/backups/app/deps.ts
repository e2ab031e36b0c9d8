import type { InstallDeps } from '../../services/index.ts'
import type { PartNotes } from '../notes.ts'
import type { Targets } from '../targets.ts'

/** What backups of apps are built from. */
export interface AppBackupDeps extends InstallDeps {
  targets: Targets
  notes: PartNotes
  /** Whoever shows backups looks again. */
  changed(): void
}
