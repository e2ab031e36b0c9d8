import { z } from 'zod'
import type { OperationDefinition } from '../../../../operations/define.ts'
import { WildError } from '../../../../platform/errors.ts'
import { instanceName } from '../../../../platform/names.ts'
import type { ChangesDeps } from '../deps.ts'
import { mustBeDone } from '../must-be-done.ts'
import { changeWorld, refuseBeforeBootstrap } from '../world.ts'
import { snapshotName, stampedName } from './model.ts'
import { saveEtcd } from './save.ts'
import { isIntact, listSnapshots } from './store.ts'

const input = z.strictObject({ instance: instanceName, name: snapshotName.nullish() })
export type SnapshotInput = z.output<typeof input>

/** Saves a snapshot of etcd under a name, which is that of the time when none is given. */
export function snapshotOperation(deps: ChangesDeps): OperationDefinition<SnapshotInput> {
  return {
    type: 'cluster.etcd-snapshot',
    tools: ['talosctl'],
    title: ({ instance }) => `Save a snapshot of etcd of ${instance}`,
    input,
    complete: async ({ instance, name }) => ({ instance, name: name ?? stampedName(deps.clock.now()) }),
    instance: ({ instance }) => instance,
    target: ({ name }) => name ?? undefined,
    locks: ({ instance }) => [`instances/${instance}/cluster`],
    async refuse({ instance, name }) {
      await refuseBeforeBootstrap(deps, instance)
      const there = (await listSnapshots(deps.paths.instance(instance).etcdSnapshots)).find((one) => one.name === name)
      if (!there || (await isIntact(there))) return
      throw new WildError(
        'CONFLICT',
        `There is a snapshot ${name}, and it is damaged. Delete it, or take another name.`,
        {
          field: 'name',
          hint: `wild-cli cluster etcd-snapshot delete ${name}`,
        },
      )
    },
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    steps: ({ instance, name }) => [
      mustBeDone(saveEtcd(changeWorld(deps, instance, 'cluster etcd-snapshot'), { name: name ?? undefined })),
    ],
  }
}
