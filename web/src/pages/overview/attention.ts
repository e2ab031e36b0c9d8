import { overview } from '../../strings/overview.ts'
import { word } from '../../strings/words.ts'

/** Something a person should look at, and where. */
export interface Need {
  title: string
  about: string
  href: string
  bad: boolean
}

/** What the overview knows of an instance. */
export interface Known {
  nodes: readonly { name: string; status: string; reason: string; maintenance: boolean }[]
  apps: readonly { name: string; title: string; status: string; trouble: string | null }[]
  services: readonly { name: string; title: string; status: string; trouble: string | null }[]
  checks: readonly { name: string; status: string; message: string; remedy: string }[]
  /** Backups made by themselves; `overdue`: the next one should have begun long ago. */
  backups: { enabled: boolean; overdue: boolean; problems: readonly string[] }
  operations: readonly {
    operationId: string
    type: string
    target: string | null
    title: string
    status: string
    message: string
  }[]
}

const notWell = ['degraded', 'failed', 'unreachable', 'not_ready']

/**
 * Pure: everything that needs somebody, the worst first. Of operations only the newest of each kind and target counts: one
 * that failed and worked the second time needs nobody.
 */
export function needs({ nodes, apps, services, checks, backups, operations }: Known, instance: string): Need[] {
  const at = (path: string) => `/instances/${instance}${path}`
  const found: Need[] = [
    ...checks
      .filter(({ status }) => status !== 'passing')
      .map(({ name, status, message, remedy }) => ({
        title: `${name}: ${message}`,
        about: remedy,
        href: at('/cluster'),
        bad: status === 'failing',
      })),
    ...nodes
      .filter(({ status, maintenance }) => !maintenance && notWell.includes(status))
      .map(({ name, status, reason }) => ({
        title: overview.nodeIs(name, word(status)),
        about: reason,
        href: at('/nodes'),
        bad: true,
      })),
    ...serviceNeeds(services, at('/services')),
    ...apps
      .filter(({ status }) => notWell.includes(status))
      .map(({ name, title, status, trouble }) => ({
        title: overview.appIs(title, word(status)),
        about: trouble ?? '',
        href: at(`/apps/${name}`),
        bad: status !== 'degraded',
      })),
    ...backupNeeds(backups, at('/backups')),
    ...newestOfEach(operations)
      .filter(({ status }) => status === 'failed')
      .map(({ operationId, title, message }) => ({
        title: overview.operationFailed(title),
        about: message,
        href: `/operations/${operationId}`,
        bad: true,
      })),
  ]
  return found.sort((a, b) => Number(b.bad) - Number(a.bad))
}

const manyServices = 3

/** Services that are not well; many with one and the same trouble are told once. */
function serviceNeeds(services: Known['services'], href: string): Need[] {
  const sick = services.filter(({ status }) => notWell.includes(status))
  const about = sick[0]?.trouble
  if (sick.length >= manyServices && about && sick.every(({ trouble }) => trouble === about))
    return [
      { title: overview.manyServices(sick.length), about, href, bad: sick.some(({ status }) => status !== 'degraded') },
    ]
  return sick.map(({ name, title, status, trouble }) => ({
    title: overview.appIs(title, word(status)),
    about: trouble ?? '',
    href: `${href}/${name}`,
    bad: status !== 'degraded',
  }))
}

/** What is wrong with backups made by themselves; one that is off needs nobody. */
function backupNeeds({ enabled, overdue, problems }: Known['backups'], href: string): Need[] {
  if (!enabled) return []
  return [
    ...problems.map((about) => ({ title: overview.backupFailed, about, href, bad: true })),
    ...(overdue ? [{ title: overview.backupOverdue, about: overview.backupOverdueAbout, href, bad: true }] : []),
  ]
}

const lateMs = 60 * 60_000

/** True when a run should have begun more than an hour ago. Times in ms since 1970. */
export function isOverdue(nextRun: string | null, now: number): boolean {
  return nextRun !== null && now - Date.parse(nextRun) > lateMs
}

function newestOfEach(operations: Known['operations']): Known['operations'] {
  const seen = new Set<string>()
  return operations.filter(({ type, target }) => {
    const key = `${type} ${target}`
    return !seen.has(key) && seen.add(key)
  })
}
