import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { StepContext } from '../../operations/define.ts'
import { readFileIfThere, temporaryName, writeFileAtomic } from '../../platform/atomic-file.ts'
import { notFound } from '../../platform/errors.ts'
import type { NodesDeps } from './deps.ts'
import { renderPatch } from './node-patch.ts'
import { prepareConfiguration } from './setup/prepare-configuration.ts'
import { setupWorld } from './setup/world.ts'
import type { NodeStore } from './store.ts'

/** The machine configuration of a node that was set up, as config.yaml asks for it now. */
export interface NodeConfiguration {
  /** The files are as they should be. */
  prepared(ctx: StepContext): Promise<boolean>
  /** Makes them so. Throws CONFLICT when the configuration would not be valid. */
  prepare(ctx: StepContext): Promise<void>
  /** Hands a temporary file with the configuration as it would be to `work`; nothing of it stays. */
  withCandidate<T>(ctx: StepContext, work: (file: string) => Promise<T>): Promise<T>
}

/** The configuration of one node. */
export function nodeConfiguration(
  deps: NodesDeps,
  store: NodeStore,
  instance: string,
  node: string,
): NodeConfiguration {
  const options = { instance, node, force: false, deploy: true, makeBaseConfig: async () => false }
  const w = setupWorld({ ...options, deps, store })
  const step = prepareConfiguration(w)
  return {
    prepared: async (ctx) => Boolean(await step.done!(ctx)),
    prepare: (ctx) => step.run(ctx),
    async withCandidate(ctx, work) {
      const record = await w.record()
      const base = join(w.places.generated, `${record.role}.yaml`)
      const text = await readFileIfThere(base)
      if (text === undefined) throw notFound('machine configuration', base, `wild-cli node setup ${node}`)
      const patch = temporaryName(w.places.patch(node))
      const final = temporaryName(w.places.final(node))
      try {
        await writeFileAtomic(patch, await renderPatch(deps, instance, record, text), { mode: 0o600 })
        await writeFileAtomic(final, await w.talosctl(ctx).patchConfig(base, patch), { mode: 0o600 })
        return await work(final)
      } finally {
        for (const file of [patch, final]) await rm(file, { force: true })
      }
    },
  }
}
