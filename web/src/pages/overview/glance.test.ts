import { describe, expect, it } from 'vitest'
import { isOverdue, type Known, needs } from './attention.ts'
import { healthSpans } from './health-line.ts'

const nothing: Known = {
  nodes: [],
  apps: [],
  services: [],
  checks: [],
  backups: { enabled: true, overdue: false, problems: [] },
  operations: [],
}
const operation = { operationId: 'op_1', type: 'app.deploy', target: 'ghost', title: 'Deploy ghost', message: 'no' }

describe('what needs somebody', () => {
  it('is nothing when all is well, and what is still to be set up is no trouble', () => {
    const node = { name: 'control-1', status: 'not_ready', reason: '', maintenance: true }
    expect(needs({ ...nothing, nodes: [node] }, 'home')).toEqual([])
  })

  it('is a scheduled backup that failed or is overdue, unless the schedule is off', () => {
    const backups = { enabled: true, overdue: true, problems: ['ghost: the target is full'] }
    expect(needs({ ...nothing, backups }, 'home').map(({ title, href }) => [title, href])).toEqual([
      ['The last scheduled backup did not complete', '/instances/home/backups'],
      ['A scheduled backup is overdue', '/instances/home/backups'],
    ])
    expect(needs({ ...nothing, backups: { ...backups, enabled: false } }, 'home')).toEqual([])
    expect(isOverdue('2026-01-31T03:00:00Z', Date.parse('2026-01-31T03:30:00Z'))).toBe(false)
    expect(isOverdue('2026-01-31T03:00:00Z', Date.parse('2026-01-31T04:30:00Z'))).toBe(true)
    expect(isOverdue(null, 0)).toBe(false)
  })

  it('is told with the place to go, the worst first', () => {
    const found = needs(
      {
        ...nothing,
        checks: [{ name: 'etcd', status: 'warning', message: 'two of three', remedy: 'look' }],
        nodes: [{ name: 'worker-1', status: 'unreachable', reason: 'no answer', maintenance: false }],
      },
      'home',
    )
    expect(found).toEqual([
      { title: 'worker-1 is unreachable', about: 'no answer', href: '/instances/home/nodes', bad: true },
      { title: 'etcd: two of three', about: 'look', href: '/instances/home/cluster', bad: false },
    ])
  })

  it('tells many services with one and the same trouble once, and others one by one', () => {
    const service = (name: string, trouble: string) => ({ name, title: name, status: 'degraded', trouble })
    const away = ['a', 'b', 'c'].map((name) => service(name, 'The cluster does not answer.'))
    const told = (services: Known['services']) => needs({ ...nothing, services }, 'home').map(({ title }) => title)
    expect(told(away)).toEqual(['3 services are not well'])
    expect(told([...away, service('d', 'no disk')])).toHaveLength(4)
    expect(told(away.slice(1))).toEqual(['b is degraded', 'c is degraded'])
  })

  it('is no operation that worked when it was run again', () => {
    const failed = { ...operation, operationId: 'op_0', status: 'failed' }
    const again = { ...operation, status: 'completed' }
    expect(needs({ ...nothing, operations: [again, failed] }, 'home')).toEqual([])
    expect(needs({ ...nothing, operations: [failed, again] }, 'home')).toHaveLength(1)
  })
})

describe('health over time', () => {
  const hour = 3_600_000
  const now = Date.parse('2026-01-02T00:00:00Z')
  const ago = (hours: number) => new Date(now - hours * hour).toISOString()

  it('is as bad as the worst check at each moment', () => {
    const spans = healthSpans(
      [
        { name: 'api', status: 'passing', at: ago(6) },
        { name: 'etcd', status: 'warning', at: ago(18) },
        { name: 'api', status: 'failing', at: ago(12) },
        { name: 'etcd', status: 'passing', at: ago(3) },
      ],
      now,
      24 * hour,
    )
    expect(spans).toEqual([
      { from: 0, to: 0.25, state: 'unknown' },
      { from: 0.25, to: 0.5, state: 'warning' },
      { from: 0.5, to: 0.75, state: 'failing' },
      { from: 0.75, to: 0.875, state: 'warning' },
      { from: 0.875, to: 1, state: 'passing' },
    ])
  })

  it('knows what was so before the window', () => {
    const event = { name: 'api', status: 'passing', at: ago(100) } as const
    expect(healthSpans([event], now, 24 * hour)).toEqual([{ from: 0, to: 1, state: 'passing' }])
    expect(healthSpans([], now, 24 * hour)).toEqual([{ from: 0, to: 1, state: 'unknown' }])
  })
})
