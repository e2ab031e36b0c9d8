import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Step, StepContext } from '../../../operations/define.ts'
import { readFileIfThere, writeFileAtomic } from '../../../platform/atomic-file.ts'
import { WildError } from '../../../platform/errors.ts'
import { nameOf } from '../model.ts'
import { renderPatch } from '../node-patch.ts'
import type { SetupWorld } from './world.ts'

interface Prepared {
  base: string
  patch: string
}

/** The patch as it should be, and the pristine configuration it is merged into: merging twice would duplicate lists. */
async function prepare(w: SetupWorld): Promise<Prepared> {
  const record = await w.record()
  const base = join(w.places.generated, `${record.role}.yaml`)
  const text = await readFileIfThere(base)
  if (text === undefined)
    throw new WildError('NOT_FOUND', `${base} is not there. Run the set-up of ${w.node} again; it makes it.`, {
      file: base,
    })
  return { base, patch: await renderPatch(w.deps, w.instance, record, text) }
}

async function writeIfDifferent(file: string, text: string): Promise<void> {
  if ((await readFileIfThere(file)) !== text) await writeFileAtomic(file, text, { mode: 0o600 })
}

/** Renders the node's patch and merges it into the base configuration of its role. */
export function prepareConfiguration(w: SetupWorld): Step {
  const patchFile = w.places.patch(w.node)
  const finalFile = w.places.final(w.node)
  const candidate = `${finalFile}.new`

  async function validate(ctx: StepContext, text: string): Promise<void> {
    await writeFileAtomic(candidate, text, { mode: 0o600 })
    try {
      await w.talosctl(ctx).validateConfig(candidate)
    } catch (error) {
      if (!(error instanceof WildError) || error.code !== 'TOOL_FAILED') throw error
      const record = await w.record()
      throw new WildError(
        'CONFLICT',
        `The machine configuration made for ${nameOf(record)} is not valid: ${String(error.details.output ?? error.message)}`,
        { ...error.details, node: w.node },
        { cause: error },
      )
    } finally {
      await rm(candidate, { force: true })
    }
  }

  return {
    name: 'prepare-configuration',
    title: 'Preparing machine configuration',
    async done(ctx) {
      const { base, patch } = await prepare(w)
      if ((await readFileIfThere(patchFile)) !== patch) return false
      const final = await readFileIfThere(finalFile)
      return final !== undefined && final === (await w.talosctl(ctx).patchConfig(base, patchFile))
    },
    async run(ctx) {
      const { base, patch } = await prepare(w)
      await writeIfDifferent(patchFile, patch)
      const final = await w.talosctl(ctx).patchConfig(base, patchFile)
      await validate(ctx, final)
      await writeIfDifferent(finalFile, final)
      ctx.say(`The configuration of ${w.node} is ready`)
    },
    undo: () => rm(candidate, { force: true }),
    async plan() {
      return [
        { kind: 'file', text: `Write ${patchFile}`, diff: (await prepare(w).catch(() => undefined))?.patch },
        { kind: 'file', text: `Write ${finalFile}: the base configuration with this patch` },
      ]
    },
  }
}
