import type { Step, StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import type { KubeObject } from '../../../tools/kubectl.ts'
import { keyOf } from '../../objects/index.ts'
import { type Adoption, adoptionOf } from '../adoption.ts'
import { type Drifted, drifted } from '../drift.ts'
import type { Place } from '../place.ts'

/** Takes what was done to these objects in the cluster over into the files, as an edit by hand. Done = none of them differs. */
export function adoptStep(place: Place, isMeant: (object: KubeObject) => boolean): Step {
  const look = async (ctx: StepContext) => (await drifted(ctx.run, place)).filter(({ object }) => isMeant(object))
  const adoptions = async (found: Drifted[]) =>
    (await Promise.all(found.map((each) => adoptionOf(place, each)))).filter((each): each is Adoption => !!each)

  return {
    name: 'adopt',
    title: 'Taking the changes over into the files',
    async needs(ctx) {
      const lost: string[] = []
      for (const found of await look(ctx))
        if (!(await adoptionOf(place, found))) lost.push(`${keyOf(found.object)} ${whyNot(place, found)}`)
      if (lost.length === 0) return
      throw new WildError(
        'CONFLICT',
        `Cannot be taken over: ${lost.join('; ')}. Put it back, or change the files by hand.`,
        {
          field: 'adopt',
          hint: `One object alone: wild-cli ${place.kind} drift ${place.name} --put-back --object "KIND NAMESPACE/NAME"`,
        },
      )
    },
    done: async (ctx) => (await look(ctx)).length === 0 && 'nothing differs',
    plan: async (ctx) =>
      (await adoptions(await look(ctx))).map(({ planned }) => ({ kind: 'file' as const, text: planned })),
    async run(ctx) {
      for (const { write, done } of await adoptions(await look(ctx))) {
        await write()
        ctx.say(done)
      }
    },
  }
}

const whyNot = ({ title }: Place, { live }: Drifted) =>
  live ? `(this change has no place in the files of ${title})` : `(${title} does not run without it)`
