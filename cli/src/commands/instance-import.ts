import type { Command } from 'commander'
import { act, addCommand } from '../command.ts'
import { usageError } from '../errors.ts'
import { type HomeFile, readHome } from '../old-home.ts'
import type { Column } from '../output/table.ts'
import type { Answer } from '../rest/client.ts'
import type { Session } from '../session.ts'
import { showList } from '../show.ts'

interface ReportLine {
  verdict: string
  path: string
  message: string
}

/** An instance made of something else, with what became of each part. */
export interface HomeImport {
  instance: string | null
  report: ReportLine[]
}

export const reportColumns: Column<ReportLine>[] = [
  { title: 'verdict', value: (row) => row.verdict, status: true },
  { title: 'what', value: (row) => row.path },
  { title: 'why', value: (row) => row.message, prose: true },
]

/** Adds `wild-cli instance import-home`. */
export function addImportHome(group: Command): void {
  addCommand(
    group,
    'import-home <folder> <name>',
    'Make an instance of the folder of an old one (v.PoC), which is only read; when its cluster runs: cluster adopt NAME --home FOLDER',
    ['instance import-home ~/my-cloud home --plan', 'instance import-home ~/my-cloud home'],
  )
    .option('--description <text>', 'what the instance is for')
    .option('--plan', 'tell what would be taken, changed and left; make nothing')
    .action(
      act<[string, string], { description?: string; plan?: boolean }>(
        async (session, [folder, name], { description, plan }) => {
          const body = { name, description, files: await homeToSend(folder), ...(plan ? { dry_run: true } : {}) }
          const { data } = await session.api.send<Answer<HomeImport>>('POST', '/instances/import/poc', body)
          await showReport(session, data)
          if (plan || session.structured) return
          session.messages.success(`Instance ${name} made from ${folder}, which is as it was.`)
          session.messages.info(`To work on it: wild-cli context use ${name}`)
        },
      ),
    )
}

const largestRequest = 3 * 1024 * 1024

/** The files of an old home. Throws a usage error for a folder that is none, or more than the daemon takes. */
export async function homeToSend(folder: string): Promise<HomeFile[]> {
  const files = await readHome(folder)
  if (Buffer.byteLength(JSON.stringify(files)) < largestRequest - 10_000) return files
  const [largest] = [...files].sort((one, other) => (other.text?.length ?? 0) - (one.text?.length ?? 0))
  throw usageError(
    `${folder} is too large to be taken (3 MB of text at most). Move what does not belong to the instance elsewhere; the largest file is ${largest?.path}.`,
  )
}

async function showReport(session: Session, data: HomeImport): Promise<void> {
  await showList(session, data, { rows: data.report, columns: reportColumns, empty: '' })
}
