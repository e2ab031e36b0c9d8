import type { Step, StepContext } from '../../../../operations/define.ts'
import { readFileIfThere } from '../../../../platform/atomic-file.ts'
import { nodeConfiguration } from '../../../nodes/index.ts'
import type { ChangeWorld } from '../world.ts'

/** What shall be written down about a node. */
export interface WrittenTalos {
  /** "v1.12.4". */
  version(ctx: StepContext): Promise<string>
  /** Whether what is written down already says so. */
  names(written: string | undefined, ctx: StepContext): Promise<boolean>
}

/** Writes the version down and gives the machine the configuration that names it, which needs no restart. */
export function recordTalos(w: ChangeWorld, name: string, wanted: WrittenTalos): Step {
  const { prepared, prepare } = nodeConfiguration(w.deps, w.store, w.instance, name)
  const file = w.places.final(name)
  const recorded = async (ctx: StepContext) => wanted.names((await w.node(name)).version, ctx)
  return {
    name: 'record',
    title: `Writing down the version of ${name}`,
    async done(ctx) {
      if (!(await recorded(ctx))) return false
      if (!(await prepared(ctx))) return false
      return (await w.talosctl(ctx).hasConfig((await w.node(name)).targetIp!, file)) && 'its configuration names it'
    },
    async run(ctx) {
      const { targetIp } = await w.node(name)
      const talosctl = w.talosctl(ctx)
      const clean = (await readFileIfThere(file)) !== undefined && (await talosctl.hasConfig(targetIp!, file))
      if (!(await recorded(ctx))) await w.store.update(w.instance, name, { version: await wanted.version(ctx) }, w.by)
      w.deps.instances.changed(w.instance, 'nodes')
      if (!clean)
        return ctx.warn(
          `${name} runs another configuration than the one made for it before, so it gets none now. See what differs: wild-cli node apply ${name} --plan`,
        )
      await prepare(ctx)
      await talosctl.applyConfig({ ip: targetIp! }, file)
    },
    plan: async () => [
      { kind: 'file', text: `Write its version of Talos into config.yaml and the machine configuration of ${name}` },
    ],
  }
}
