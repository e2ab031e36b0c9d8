import type { OperationRecord } from '../../../operations/engine.ts'
import { readFileIfThere } from '../../../platform/atomic-file.ts'
import type { Door } from '../../../platform/door.ts'
import { WildError } from '../../../platform/errors.ts'
import { parse } from '../../../platform/names.ts'
import type { ClusterDeps } from '../deps.ts'
import { type AccessKind, type ClusterAccess, contextName, kubeAccess, talosAccess, withContext } from './model.ts'
import { renewAccessOperation } from './operation.ts'

export interface RenewRequest {
  instance: string
  only?: AccessKind | null
  fresh?: boolean | null
}

/** What gives access to a cluster: kubeconfig and talosconfig. Every verb throws NOT_FOUND for an unknown instance. */
export interface ClusterAccessService {
  /** What is there, without the keys. */
  get(instance: string): Promise<ClusterAccess>
  /** The administrator's kubeconfig, its context called `context`. Throws NOT_FOUND before the bootstrap. */
  kubeconfig(instance: string, context?: string | null): Promise<string>
  /** The talosconfig. Throws NOT_FOUND before the first node is set up. */
  talosconfig(instance: string, context?: string | null): Promise<string>
  /** Starts renewing what does not last; everything with `fresh`. */
  renew(request: RenewRequest, via: Door): Promise<OperationRecord>
}

const missing = {
  kubeconfig: {
    why: 'its cluster is not bootstrapped. Bootstrap it first.',
    hint: 'wild-cli cluster bootstrap',
  },
  talosconfig: {
    why: 'no machine of it is set up. Set up a control plane first.',
    hint: 'wild-cli node setup control-1',
  },
} as const

/** Access over the files of an instance; defines `cluster.renew-access`. */
export function createClusterAccess(deps: ClusterDeps): ClusterAccessService {
  deps.operations.define(renewAccessOperation(deps))

  async function text(instance: string, kind: AccessKind, context?: string | null): Promise<string> {
    await deps.instances.require(instance)
    const name = context ? parse(contextName, context, 'context') : undefined
    const found = await readFileIfThere(deps.paths.instance(instance)[kind])
    if (found === undefined)
      throw new WildError('NOT_FOUND', `${instance} has no ${kind} yet: ${missing[kind].why}`, {
        name: kind,
        hint: missing[kind].hint,
      })
    return name ? withContext(found, name) : found
  }

  return {
    async get(instance) {
      await deps.instances.require(instance)
      const { kubeconfig, talosconfig } = deps.paths.instance(instance)
      return {
        kubeconfig: kubeAccess(await readFileIfThere(kubeconfig)),
        talosconfig: talosAccess(await readFileIfThere(talosconfig)),
      }
    },
    kubeconfig: (instance, context) => text(instance, 'kubeconfig', context),
    talosconfig: (instance, context) => text(instance, 'talosconfig', context),
    async renew({ instance, only, fresh }, via) {
      return deps.operations.start(
        'cluster.renew-access',
        { instance, only: only ?? undefined, fresh: fresh ?? undefined },
        via,
      )
    },
  }
}
