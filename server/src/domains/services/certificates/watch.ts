import { exists } from '../../../platform/atomic-file.ts'
import type { Log } from '../../../platform/log.ts'
import { createKubectl } from '../../../tools/kubectl.ts'
import { wildcardCopies } from '../../objects/index.ts'
import type { InstallDeps } from '../deps.ts'

type Deps = Pick<InstallDeps, 'instances' | 'reads' | 'operations' | 'clock'> & {
  log: Log
  hide(values: string[]): void
}

const everyMs = 15 * 60_000

/**
 * Looks through an instance's cluster and, when a copy of a wildcard certificate is of an older one, starts the operation
 * that copies them anew. Answers whether it did.
 */
export async function copyWhenRenewed(deps: Deps, instance: string): Promise<boolean> {
  const { kubeconfig, home } = deps.instances.paths(instance)
  if (!(await exists(kubeconfig))) return false
  const kubectl = createKubectl(deps.reads, { kubeconfig, home })
  const ingresses = await kubectl.get('ingress', { allNamespaces: true })
  const { stale } = await wildcardCopies(kubectl, ingresses, deps.hide)
  if (stale.length === 0) return false
  await deps.operations.start('service.copy-certificates', { instance }, 'daemon')
  return true
}

/** Looks every quarter of an hour, one instance after the other, until it is told to stop. A cluster that does not answer is asked again next time. */
export async function keepCopiesFresh(deps: Deps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await deps.clock.sleep(everyMs, signal).catch(() => undefined)
    if (signal.aborted) return
    for (const { name } of await deps.instances.list().catch(() => []))
      await copyWhenRenewed(deps, name).catch((error: unknown) =>
        deps.log.debug({ err: error, instance: name }, 'copies of certificates were not looked at'),
      )
  }
}
