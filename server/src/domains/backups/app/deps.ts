import type { Db } from '../../../platform/db.ts'
import type { Paths } from '../../../platform/paths.ts'
import type { EtcdCopies } from '../../cluster/index.ts'
import type { InstallDeps } from '../../services/index.ts'
import type { PartNotes } from '../notes.ts'
import type { BackupSettingsStore } from '../settings.ts'
import type { Targets } from '../targets.ts'

/** What backups of apps are built from. */
export interface AppBackupDeps extends InstallDeps {
  targets: Targets
  notes: PartNotes
  /** Whoever shows backups looks again. */
  changed(): void
}

/** What the parts of this domain share. */
export interface BackupsWorld extends AppBackupDeps {
  settings: BackupSettingsStore
  /** Copies of what etcd of a cluster holds. */
  etcd: EtcdCopies
  targets: Targets
  db: Db
  paths: Paths
}
