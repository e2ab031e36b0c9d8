import { z } from 'zod'
import type { OperationDefinition, PlannedChange, StepContext } from '../../../operations/define.ts'
import { invalid } from '../../../platform/errors.ts'
import type { RunTool } from '../../../platform/run-tool.ts'
import type { KubeObject } from '../../../tools/kubectl.ts'
import { applyStep, keyOf } from '../../objects/index.ts'
import { drifted } from '../drift.ts'
import { leftOut } from '../leave-out.ts'
import { workloadInput } from '../model.ts'
import { type Place, type PlaceDeps, placeOf } from '../place.ts'
import { adoptStep } from './adopt-step.ts'

const driftInput = workloadInput.extend({
  /** Take the changes over into the files instead of undoing them. */
  adopt: z.boolean().default(false),
  /** Only these objects, by "Kind namespace/name"; all that differ when it is not given. */
  objects: z.array(z.string().max(600)).min(1).max(500).optional(),
})
export type DriftInput = z.output<typeof driftInput>

export interface DriftDeps extends PlaceDeps {
  reads: RunTool
  secrets: { allValues(instance: string): Promise<string[]> }
}

/** Refuses names of objects that are none of this workload, one that it leaves out since excepted. Throws INVALID_INPUT. */
async function requireObjects(run: RunTool, place: Place, names: string[]): Promise<void> {
  const known = new Set((await place.objects(run)).map(keyOf))
  const gone = await leftOut(place)
  const withoutNamespace = (name: string) => name.replace(/ [^/]*\//, ' ')
  const unknown = names.find((name) => !known.has(name) && !gone.includes(withoutNamespace(name)))
  if (unknown === undefined) return
  throw invalid(
    'objects',
    `objects: ${place.title} has no ${unknown}. Its changes name them: wild-cli ${place.kind} drift ${place.name}`,
  )
}

/** Puts what was changed or deleted with kubectl back, or takes it over: then the files say what the cluster has. */
export function driftOperation(deps: DriftDeps): OperationDefinition<DriftInput> {
  return {
    type: 'workload.drift',
    title: ({ kind, name, instance, adopt, objects }) =>
      `${adopt ? 'Take over changes to' : 'Put back'} ${objects ? `${objects.join(', ')} of ` : ''}the ${kind} ${name} in ${instance}`,
    input: driftInput as never,
    tools: ['kubectl'],
    instance: ({ instance }) => instance,
    target: ({ name }) => name,
    complete: async (input) => ({ ...input, name: (await placeOf(deps, input)).name }),
    locks: ({ instance, kind, name }) => [`instances/${instance}/${kind}s/${name}`],
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    async refuse(input) {
      const place = await placeOf(deps, input)
      if (input.objects) await requireObjects(deps.reads, place, input.objects)
    },
    async steps({ instance, kind, name, adopt, objects }) {
      const place = await placeOf(deps, { instance, kind, name })
      const isMeant = (object: KubeObject) => !objects || objects.includes(keyOf(object))
      const putBack = applyStep({
        name: 'apply',
        title: adopt ? 'Marking them as wanted' : 'Putting back what was changed',
        of: place.title,
        namespace: place.namespace,
        kubectl: (ctx) => place.kubectl(ctx.run),
        objects: async (ctx) =>
          (await place.objects(ctx.run)).filter((object) => object.kind !== 'Job' && isMeant(object)),
        ready: place.checks,
        alsoDiffering: async (ctx) => (await drifted(ctx.run, place)).map(({ object }) => keyOf(object)),
      })
      return adopt ? [adoptStep(place, isMeant), { ...putBack, plan: marks }] : [putBack]

      /** The files are as the cluster by then: nothing is undone. */
      async function marks(ctx: StepContext): Promise<PlannedChange[]> {
        const changed = (await drifted(ctx.run, place)).filter(({ object, live }) => live && isMeant(object))
        return changed.map(({ object }) => ({ kind: 'object', text: `${keyOf(object)} stays as it is now` }))
      }
    },
  }
}
