import { relative } from 'node:path'
import { z } from 'zod'
import type { OperationDefinition, Step, StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { applyStep, keyOf } from '../../objects/index.ts'
import { adoptableChanges, adoptInto, homeOf } from '../adopt.ts'
import { type Drifted, drifted } from '../drift.ts'
import { workloadInput } from '../model.ts'
import { type Place, type PlaceDeps, placeOf } from '../place.ts'

const driftInput = workloadInput.extend({
  /** Take the changes over into the files instead of undoing them. */
  adopt: z.boolean().default(false),
})
export type DriftInput = z.output<typeof driftInput>

/** Takes what was changed in the cluster over into the files, as an edit by hand. Done = nothing differs. */
function adoptStep(place: Place): Step {
  async function look(ctx: StepContext): Promise<Drifted[]> {
    return (await drifted(ctx.run, place)).filter(({ live }) => live)
  }
  async function each(ctx: StepContext) {
    return Promise.all(
      (await look(ctx)).map(async ({ object, live }) => {
        const changes = adoptableChanges(object, live!)
        return { object, changes, home: await homeOf(place, object, changes) }
      }),
    )
  }
  return {
    name: 'adopt',
    title: 'Taking the changes over into the files',
    async needs(ctx) {
      const lost = (await each(ctx)).filter(({ home, changes }) => !home || changes.length === 0)
      if (lost.length === 0) return
      throw new WildError(
        'CONFLICT',
        `${lost.map(({ object }) => keyOf(object)).join(', ')}: this change has no place in the files of ${place.title}. Put it back, or make it there by hand.`,
        { field: 'adopt' },
      )
    },
    done: async (ctx) => (await look(ctx)).length === 0 && 'nothing differs',
    plan: async (ctx) =>
      (await each(ctx)).map(({ object, home }) => ({
        kind: 'file',
        text: `${home ? relative(place.folder, home.file) : '?'} would get what ${keyOf(object)} has now`,
      })),
    async run(ctx) {
      for (const { object, changes } of await each(ctx)) {
        // Read again: two objects may live in one file.
        const home = await homeOf(place, object, changes)
        if (home) await adoptInto(home, object, changes)
        ctx.say(`${home ? relative(place.folder, home.file) : ''}: what ${keyOf(object)} has now`)
      }
    },
  }
}

/** Puts what was changed or deleted with kubectl back, or takes it over: then the files say what the cluster has. */
export function driftOperation(
  deps: PlaceDeps & { secrets: { allValues(instance: string): Promise<string[]> } },
): OperationDefinition<DriftInput> {
  return {
    type: 'workload.drift',
    title: ({ kind, name, instance, adopt }) =>
      `${adopt ? 'Take over changes to' : 'Put back'} the ${kind} ${name} in ${instance}`,
    input: driftInput as never,
    tools: ['kubectl'],
    instance: ({ instance }) => instance,
    target: ({ name }) => name,
    complete: async (input) => ({ ...input, name: (await placeOf(deps, input)).name }),
    locks: ({ instance, kind, name }) => [`instances/${instance}/${kind}s/${name}`],
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    async refuse(input) {
      await placeOf(deps, input)
    },
    async steps({ instance, kind, name, adopt }) {
      const place = await placeOf(deps, { instance, kind, name })
      const putBack = applyStep({
        name: 'apply',
        title: adopt ? 'Marking them as wanted' : 'Putting back what was changed',
        of: place.title,
        namespace: place.namespace,
        kubectl: (ctx) => place.kubectl(ctx.run),
        objects: async (ctx) => (await place.objects(ctx.run)).filter(({ kind: each }) => each !== 'Job'),
        ready: place.checks,
        alsoDiffering: async (ctx) => (await drifted(ctx.run, place)).map(({ object }) => keyOf(object)),
      })
      return adopt ? [adoptStep(place), putBack] : [putBack]
    },
  }
}
