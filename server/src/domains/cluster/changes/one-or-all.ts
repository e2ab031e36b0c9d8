import type { ChangesDeps } from './deps.ts'
import { changeWorld, refuseBeforeBootstrap } from './world.ts'

interface OneOrAll {
  instance: string
  node?: string
}

/**
 * What changes of one node, or of all when none is named, have in common: they hold the cluster and its nodes, and are
 * refused before there is a cluster, and for a node that was not set up.
 */
export function oneOrAll(deps: ChangesDeps) {
  return {
    tools: ['talosctl' as const, 'kubectl' as const],
    instance: ({ instance }: OneOrAll) => instance,
    target: ({ node }: OneOrAll) => node,
    locks: ({ instance }: OneOrAll) => [`instances/${instance}/cluster`, `instances/${instance}/nodes`],
    async refuse({ instance, node }: OneOrAll) {
      await refuseBeforeBootstrap(deps, instance)
      if (node) await changeWorld(deps, instance, '').node(node)
    },
    secrets: ({ instance }: OneOrAll) => deps.secrets.allValues(instance),
  }
}
