import { rm } from 'node:fs/promises'
import type { Step } from '../../../../operations/define.ts'
import { exists } from '../../../../platform/atomic-file.ts'
import type { ChangeWorld } from '../world.ts'

/** Writes down that machines wait for a configuration again. What is known of them stays: they can be set up anew. */
export function recordFree(w: ChangeWorld, names: () => Promise<string[]>): Step {
  async function open() {
    const wanted = await names()
    const records = (await w.store.records(w.instance)).filter(({ name }) => wanted.includes(name))
    return records.filter(({ maintenance, removing }) => maintenance === false || removing)
  }
  return {
    name: 'record-free',
    title: 'Writing down that the machines are free',
    done: async () => (await open()).length === 0,
    async run(ctx) {
      for (const { name, mac, currentIp } of await open()) {
        const seen = mac ? w.store.machine(mac) : undefined
        const fields = { maintenance: true, removing: undefined, currentIp: seen?.ip ?? currentIp }
        await w.store.update(w.instance, name, fields, w.by)
        await rm(w.places.final(name), { force: true })
      }
      w.deps.instances.changed(w.instance, 'nodes')
      ctx.result({ nodes: await names() })
    },
    plan: async () =>
      (await open()).map(({ name }) => ({
        kind: 'file',
        text: `Write into config.yaml that ${name} waits to be set up`,
      })),
  }
}

/** Takes the kubeconfig away: it leads to a cluster that is no more. A copy was saved. */
export function forgetCluster(w: ChangeWorld): Step {
  return {
    name: 'forget-cluster',
    title: 'Forgetting the cluster',
    done: async () => !(await exists(w.places.kubeconfig)),
    async run(ctx) {
      await rm(w.places.kubeconfig, { force: true })
      w.deps.instances.changed(w.instance, 'cluster')
      ctx.say('The cluster is gone. Its settings and keys are kept: set the machines up and bootstrap again.')
    },
    plan: async () => [{ kind: 'file', text: `Remove ${w.places.kubeconfig}, which was saved` }],
  }
}
