import type { Step, StepContext } from '../../operations/define.ts'
import { saidBy, WildError } from '../../platform/errors.ts'
import type { Kubectl, KubeObject } from '../../tools/kubectl.ts'
import { keyOf } from './model.ts'

export interface RemoveSet {
  name: string
  title: string
  /** Whose objects these are, for people: "Ghost". */
  of: string
  weight?: number
  kubectl(ctx: StepContext): Kubectl
  /** What is to go, those that are not there any more included. */
  objects(ctx: StepContext): Promise<KubeObject[]>
}

/** How long objects may take to go: pods end in 30 s, volumes once no pod uses them. */
const goneSeconds = 180

/** One step that deletes objects and waits until they are gone. Done = none of them is there. */
export function removeStep(set: RemoveSet): Step {
  async function there(ctx: StepContext): Promise<KubeObject[]> {
    const live = await set.kubectl(ctx).getLive(await set.objects(ctx))
    return [...new Map(live.map((object) => [keyOf(object), object])).values()].sort(byTurn)
  }
  return {
    name: set.name,
    title: set.title,
    weight: set.weight ?? 2,
    timeoutMs: (goneSeconds + 120) * 1_000,
    done: async (ctx) => (await there(ctx)).length === 0 && 'nothing of it is there',
    plan: async (ctx) =>
      (await there(ctx)).map((object) => ({ kind: 'object', text: `${keyOf(object)} would be deleted` })),
    async run(ctx) {
      const going = await there(ctx)
      try {
        await set.kubectl(ctx).deleteAll(going, goneSeconds)
      } catch (error) {
        throw (await stuck(set, ctx, error)) ?? error
      }
      ctx.say(`${going.length} ${going.length === 1 ? 'object is' : 'objects are'} gone`)
    },
    async check(ctx) {
      const [left] = await there(ctx)
      if (left) throw new WildError('OPERATION_FAILED', `${keyOf(left)} is still there, or was made again.`)
    },
  }
}

/** What is deleted first: resource definitions while their controller still answers, a namespace when all else is gone. */
const turns: Record<string, number> = { CustomResourceDefinition: 0, PersistentVolumeClaim: 2, Namespace: 3 }
const byTurn = (a: KubeObject, b: KubeObject) => (turns[a.kind] ?? 1) - (turns[b.kind] ?? 1)

/** What does not go although it was told to, and who holds it. */
async function stuck(set: RemoveSet, ctx: StepContext, error: unknown): Promise<WildError | undefined> {
  if (!(error instanceof WildError) || !/timed out waiting/i.test(saidBy(error))) return undefined
  const left = (await set.kubectl(ctx).getLive(await set.objects(ctx))).filter(
    ({ metadata }) => metadata.deletionTimestamp,
  )
  const told = left.slice(0, 5).map((object) => {
    const holders = (object.metadata.finalizers ?? object.spec?.finalizers ?? []) as string[]
    return `${keyOf(object)}${holders.length ? ` (held by ${holders.join(', ')})` : ''}`
  })
  return new WildError(
    'TIMEOUT',
    `Not everything of ${set.of} went within ${goneSeconds} s: ${told.join('; ') || 'kubectl gave up waiting'}. What holds it has to let go first; then run this again.`,
    { ...error.details },
    { cause: error },
  )
}
