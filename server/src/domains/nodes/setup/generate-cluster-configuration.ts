import type { Step } from '../../../operations/define.ts'
import { hasBaseConfig } from '../base-config.ts'
import { evenPlanes } from '../control-plane-count.ts'
import type { SetupWorld } from './world.ts'

/** Makes the cluster's secrets and the two base machine configurations, once per instance. */
export function generateClusterConfiguration(w: SetupWorld): Step {
  return {
    name: 'generate-cluster-configuration',
    title: 'Generating cluster configuration',
    async needs(ctx) {
      if ((await w.record()).role !== 'controlplane') return
      const warning = evenPlanes(await w.store.records(w.instance))
      if (warning) ctx.warn(warning)
    },
    done: () => hasBaseConfig(w.places),
    async run(ctx) {
      await w.makeBaseConfig(ctx)
    },
    async check(ctx) {
      ctx.hide(await w.deps.secrets.allValues(w.instance))
    },
    plan: async () => [
      { kind: 'file', text: `Make secrets and base configurations in ${w.places.generated}, unless they are there` },
    ],
  }
}
