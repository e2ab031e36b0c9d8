import type { Step, StepContext } from '../../../../operations/define.ts'
import { WildError } from '../../../../platform/errors.ts'
import { authoritySum } from '../snapshots/save.ts'
import { isIntact } from '../snapshots/store.ts'
import type { RestoreWorld } from './world.ts'

/** Looks at the snapshot and at who takes part, before anything is lost. */
export function checkSnapshot(w: RestoreWorld): Step {
  async function checked(ctx: StepContext): Promise<string> {
    const snapshot = await w.snapshot()
    if (!(await isIntact(snapshot)))
      throw new WildError(
        'CONFLICT',
        `The snapshot ${snapshot.name} is damaged: its checksum does not fit. Take another one; nothing was changed.`,
        { name: snapshot.name, hint: 'wild-cli cluster etcd-snapshot list' },
      )
    const now = await authoritySum(w)
    if (snapshot.authority && now && snapshot.authority !== now)
      throw new WildError(
        'CONFLICT',
        `The snapshot ${snapshot.name} was made under other keys than this cluster has now, so the machines could not read it. Put the keys of its time back first: they were saved when the cluster was reset.`,
        { name: snapshot.name },
      )
    const taking = await w.participants(ctx)
    return `${snapshot.name} of ${snapshot.takenAt}, for ${taking.map(({ name }) => name).join(', ')}`
  }
  return {
    name: 'check-snapshot',
    title: 'Checking the snapshot',
    done: async (ctx) => ((await w.progress())?.finished ? 'it was restored' : await checked(ctx)),
    run: async () => undefined,
  }
}
