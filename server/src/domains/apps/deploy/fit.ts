import type { Step, StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { lackOfRoom, lookup, missingStorage, stateOf, takenHosts, workloads } from '../../objects/index.ts'
import { requireSecrets } from './prepare.ts'
import type { AppWorld } from './world.ts'

const running = (kind: string) => workloads.has(kind) || kind === 'Job'

/** Why the app cannot run in this cluster as it is; undefined when it can. Reads only. */
async function obstacle(w: AppWorld, ctx: StepContext): Promise<WildError | undefined> {
  const kubectl = w.kubectl(ctx)
  const wanted = await w.objects(ctx)
  const { name, title } = w.manifest
  const [taken] = takenHosts(await kubectl.get('ingresses.networking.k8s.io', { allNamespaces: true }), wanted)
  if (taken)
    return new WildError('CONFLICT', `The address ${taken.host} is taken by ${taken.by}. Give ${title} another one.`, {
      field: `apps.${name}.domain`,
      host: taken.host,
      hint: `wild-cli app update ${name} --set domain=OTHER.${taken.host.split('.').slice(1).join('.')}`,
    })
  const [lacking] = missingStorage(await kubectl.get('storageclasses'), wanted)
  if (lacking)
    return new WildError(
      'CONFLICT',
      `There is no place for the data of ${title}: the volume ${lacking}. Install what brings it.`,
      {
        field: 'storageClassName',
        hint: 'wild-cli service install longhorn',
      },
    )
  const pods = await kubectl.get('pods', { allNamespaces: true })
  const others = pods.filter(({ metadata }) => metadata.namespace !== w.namespace)
  const lack = lackOfRoom(
    await kubectl.get('nodes'),
    others,
    wanted.filter(({ kind }) => running(kind)),
  )
  return lack === undefined
    ? undefined
    : new WildError(
        'CONFLICT',
        `There is no room for ${title}: ${lack}. Add a machine, or delete an app that is not needed.`,
        {
          field: 'resources',
          hint: 'wild-cli node list',
        },
      )
}

/** Does it fit: is its address free, is there a place for its data, and room for its pods? With `force` what does not fit is a warning. */
export function checkFit(w: AppWorld, force: boolean): Step {
  async function runsAlready(ctx: StepContext): Promise<boolean> {
    const wanted = (await w.objects(ctx)).filter(({ kind }) => kind !== 'Job')
    const find = lookup(await w.kubectl(ctx).getLive(wanted))
    return wanted.every((object) => stateOf(object, find(object)) === 'same')
  }
  return {
    name: 'fit',
    title: `Looking whether ${w.manifest.title} fits`,
    weight: 0.5,
    async needs(ctx) {
      await requireSecrets(w)
      if (force || (await runsAlready(ctx))) return
      const found = await obstacle(w, ctx)
      if (found) throw found
    },
    async done(ctx) {
      if (await runsAlready(ctx)) return 'it is there already'
      const found = force ? await obstacle(w, ctx) : undefined
      if (found) ctx.warn(found.message)
      return found ? 'it does not, and is deployed all the same' : 'it does'
    },
    run: async () => undefined,
  }
}
