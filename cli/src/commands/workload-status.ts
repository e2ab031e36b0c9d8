import type { Column } from '../output/table.ts'
import type { Pod, WorkloadStatus } from '../rest/types.ts'
import type { Session } from '../session.ts'
import { showFields, showSection } from '../show.ts'

const podColumns: Column<Pod>[] = [
  { title: 'pod', value: (row) => row.name },
  { title: 'status', value: (row) => row.status, status: true },
  { title: 'ready', value: (row) => (row.ready ? 'yes' : 'no') },
  { title: 'restarts', value: (row) => row.restarts },
]

const dependencyColumns: Column<{ name: string; status?: string }>[] = [
  { title: 'needs', value: (row) => row.name },
  { title: 'status', value: (row) => row.status, status: true },
]

/** Shows a service or app with its pods and what it depends on. */
export async function showWorkload(session: Session, data: WorkloadStatus): Promise<void> {
  await showFields(session, data, {
    Name: data.name,
    Status: data.status,
    Reason: data.trouble,
    Version: data.version,
    Address: data.url,
    'Last backup': lastBackup(data),
  })
  showSection(session, 'Pods', podColumns, data.pods ?? [])
  showSection(session, 'Dependencies', dependencyColumns, data.dependencies ?? [])
}

function lastBackup({ name, last_backup: last }: WorkloadStatus): string | undefined {
  if (!last) return undefined
  if (last.problem) return `not known: ${last.problem}`
  return last.created_at ?? `none yet; make one: wild-cli app backup ${name}`
}
