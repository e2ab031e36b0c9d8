import { join } from 'node:path'
import { createCatalog } from '../domains/catalog/service.ts'
import { createOperations } from '../operations/engine.ts'
import { createAudit } from '../platform/audit.ts'
import { systemClock } from '../platform/clock.ts'
import { openDatabase } from '../platform/db.ts'
import { createDownloads } from '../platform/download.ts'
import { createLog } from '../platform/log.ts'
import { createMasker } from '../platform/masking.ts'
import { createPaths } from '../platform/paths.ts'
import type { Settings } from '../platform/settings.ts'
import { createSignals } from '../platform/signals.ts'
import { holdDataDirectory } from '../platform/single-daemon.ts'
import { createToolRunner } from '../platform/tool-runner.ts'
import { createVersionedYaml } from '../platform/versioned-yaml.ts'

const readTimeoutMs = 5_000

export type Foundation = Awaited<ReturnType<typeof layFoundation>>

/**
 * What every domain stands on: paths, log, masker, database, operations, catalog. Takes hold of the data directory; throws
 * CONFLICT when another daemon has it.
 */
export async function layFoundation(settings: Settings, serverFolder: string) {
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
  const downloads = createDownloads({ folder: join(paths.cache, 'releases'), mirror: settings.mirror, clock })
  return {
    settings,
    paths,
    hold,
    masker,
    heard,
    log,
    audit,
    clock,
    db,
    reads,
    retention,
    operations,
    catalog,
    centralYaml,
    downloads,
  }
}
