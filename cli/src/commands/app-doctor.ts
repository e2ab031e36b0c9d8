import type { Command } from 'commander'
import { act, addCommand } from '../command.ts'
import { Ended, exitCodes } from '../errors.ts'
import { followOperations } from '../operation/follow.ts'
import { outcomeError, tellStarted } from '../operation/outcome.ts'
import type { Column } from '../output/table.ts'
import { route } from '../rest/route.ts'
import type { Started } from '../rest/types.ts'
import { showList } from '../show.ts'

interface Check {
  name: string
  status: string
  message: string
  remedy: string
}

interface Findings {
  status: string
  checks: Check[]
}

const columns: Column<Check>[] = [
  { title: 'check', value: (row) => row.name },
  { title: 'status', value: (row) => row.status, status: true },
  { title: 'message', value: (row) => row.message, prose: true },
]

/** Adds `app doctor`. */
export function addAppDoctor(group: Command): void {
  addCommand(
    group,
    'doctor <app>',
    'Look why an app does not work, and what to do about it; exits 5 when something fails',
    ['app doctor ghost', 'app doctor ghost --output json'],
  ).action(
    act<[string]>(async (session, [name]) => {
      const path = route`/instances/${await session.instance()}/apps/${name}/doctor`
      const started = await session.api.send<Started>('POST', path)
      if (!session.wait) return session.structured ? session.print(started) : tellStarted(session, started)
      const [followed] = await followOperations(session, [{ id: started.operation_id }])
      const { record } = followed!
      if (record.status !== 'completed') throw outcomeError(record)
      const { status, checks } = record.result as unknown as Findings
      await showList(session, { app: name, status, checks }, { rows: checks, columns, empty: 'Nothing was looked at.' })
      for (const check of checks) if (check.remedy) session.messages.info(`${check.name}: ${check.remedy}`)
      if (status === 'unhealthy') throw new Ended(exitCodes.failed)
      if (status === 'healthy') session.messages.success(`${name} is well.`)
      else session.messages.warning(`${name} works, but see above.`)
    }),
  )
}
