import type { ApiContext } from './context.ts'
import { ApiError } from './status.ts'

/** Lab milliseconds until etcd gives up a question that nobody decides. */
const requestTimeout = 7_000

/** What every health path looks at besides etcd, and finds well here. */
const wellBefore = ['ping', 'log']
const wellAfter = ['informer-sync', 'poststarthook/start-apiextensions-controllers', 'shutdown']

/** What a health path answers: `ok`, or every check when etcd does not answer. */
export function healthAnswer({ cluster }: ApiContext, path: string): { code: number; text: string } {
  if (!cluster().etcdStalled) return { code: 200, text: 'ok' }
  const failed = path === '/readyz' ? ['etcd', 'etcd-readiness'] : ['etcd']
  const lines = [
    ...wellBefore.map((name) => `[+]${name} ok`),
    ...failed.map((name) => `[-]${name} failed: reason withheld`),
    ...wellAfter.map((name) => `[+]${name} ok`),
    `${path.slice(1)} check failed`,
  ]
  return { code: 500, text: `${lines.join('\n')}\n` }
}

/** Refuses what needs etcd while it has no majority. */
export function refuseStalled({ cluster }: ApiContext): void {
  if (cluster().etcdStalled) throw new ApiError(500, '', 'etcdserver: request timed out')
}

/** Waits for an etcd that has no majority as long as the API server does. Throws what it answers then. */
export async function askEtcd(context: ApiContext): Promise<void> {
  const { cluster, clock } = context
  if (!cluster().etcdStalled) return
  await new Promise<void>((resolve) => clock.at(clock.due(requestTimeout), resolve))
  refuseStalled(context)
}
