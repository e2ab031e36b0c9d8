import type { Step } from '../../../operations/define.ts'
import type { SetupWorld } from './world.ts'

/** Writes down that the node has its configuration and its address. */
export function recordNode(w: SetupWorld): Step {
  async function isRecorded(): Promise<boolean> {
    const record = await w.record()
    return record.currentIp === record.targetIp && record.maintenance === false && !record.removing
  }
  return {
    name: 'record-node',
    title: 'Recording the node',
    done: isRecorded,
    async run(ctx) {
      const { targetIp, mac } = await w.record()
      await w.store.update(w.instance, w.node, { currentIp: targetIp, maintenance: false, removing: undefined }, w.by)
      const seen = mac ? w.store.machine(mac) : undefined
      if (seen) {
        const now = {
          state: 'ours',
          maintenanceMode: false,
          ip: targetIp!,
          hostname: w.node,
          instance: w.instance,
          node: w.node,
        } as const
        w.store.remember({ ...seen, ...now }, { at: new Date(ctx.clock.now()).toISOString() })
      }
      w.deps.instances.changed(w.instance, 'nodes')
      ctx.result({ node: w.node, ip: targetIp })
    },
    async plan() {
      return [{ kind: 'file', text: `Write currentIp and maintenance of ${w.node} into config.yaml` }]
    },
  }
}
