import { rm } from 'node:fs/promises'
import type { Step } from '../../../operations/define.ts'
import { makeDirectory, writeFileAtomic } from '../../../platform/atomic-file.ts'
import { WildError } from '../../../platform/errors.ts'
import { unifiedDiff } from '../../../platform/unified-diff.ts'
import { conflictIn, isUntouched } from '../conf.ts'
import type { ApplyWorld } from './world.ts'

/** Everything that can be known to be wrong before anything is touched. */
export function checkConfiguration(w: ApplyWorld): Step {
  return {
    name: 'check',
    title: 'Checking the configuration',
    async needs() {
      const conflict = conflictIn(w.wanted, w.instances, w.served)
      if (conflict) throw conflict
      const there = await w.store.conf()
      if (there !== undefined && !isUntouched(there) && !w.input.overwrite)
        throw new WildError(
          'CONFLICT',
          `${w.store.places.conf} was edited by hand. Take your changes over into the settings, or write over them: they stay in previous.conf.`,
          {
            hint: 'wild-cli dns set --enabled true --overwrite',
            diff: unifiedDiff(['edited', 'wanted'], there, w.conf),
          },
        )
    },
    done: async () => (await w.store.conf()) === w.conf && 'It was checked when it was written.',
    async run(ctx) {
      await makeDirectory(w.store.places.folder)
      await writeFileAtomic(w.store.places.draft, w.conf)
      try {
        await w.dnsmasq(ctx).test(w.store.places.draft)
      } finally {
        await rm(w.store.places.draft, { force: true })
      }
    },
    async plan() {
      return [{ kind: 'command', text: `dnsmasq --test -C ${w.store.places.draft}` }]
    },
  }
}
