import type { OperationDefinition, Step, StepContext } from '../../operations/define.ts'
import { asWildError } from '../../platform/errors.ts'
import { verdictOf } from '../service-health/index.ts'
import { certificates, ingress, names } from './checks/address.ts'
import { images, pods, secrets, volumes } from './checks/cluster.ts'
import { databases } from './checks/database.ts'
import { declared } from './checks/declared.ts'
import { type DoctorFinding, type DoctorInput, doctorInput, failing } from './model.ts'
import { type DoctorDeps, type DoctorWorld, doctorWorld } from './world.ts'

type Look = (w: DoctorWorld, ctx: StepContext) => Promise<DoctorFinding[]>

/** What is looked at of every app; where there is nothing to look at, nothing is found. */
const general: [name: string, title: string, look: Look][] = [
  ['pods', 'Pods', pods],
  ['images', 'Images', images],
  ['volumes', 'Volumes', volumes],
  ['secrets', 'Secrets', secrets],
  ['database', 'Database', databases],
  ['ingress', 'Ingress', ingress],
  ['name', 'Name', names],
  ['certificate', 'Certificate', certificates],
]

const own: Look = async (w, ctx) => {
  const found: DoctorFinding[] = []
  for (const check of w.manifest.doctor) found.push(await declared(w, check, ctx))
  return found
}

/** One look. It only reads, so it is never done; what it finds is told in the result, whatever it is. */
function lookStep(w: DoctorWorld, checks: DoctorFinding[], [name, title, look]: (typeof general)[number]): Step {
  return {
    name,
    title: `Looking: ${title}`,
    plan: async () => [{ kind: 'note', text: `${title} would be looked at; nothing is changed` }],
    async run(ctx) {
      const found = await look(w, ctx).catch((error: unknown) => {
        if (ctx.signal.aborted) throw error
        return [failing(title, asWildError(error).message, 'wild-cli cluster health')]
      })
      checks.push(...found)
      for (const one of found.filter(({ status }) => status !== 'passing'))
        ctx.warn(`${one.name}: ${one.message} ${one.remedy}`)
      ctx.result({ status: verdictOf(checks), checks: [...checks] })
    },
  }
}

/** `app.doctor`: looks at everything an app needs to work, and says of each what it found and what to do. Changes nothing. */
export function appDoctor(deps: DoctorDeps): OperationDefinition<DoctorInput> {
  return {
    type: 'app.doctor',
    title: ({ app, instance }) => `Examine ${app} in ${instance}`,
    input: doctorInput as never,
    tools: ['kubectl'],
    instance: ({ instance }) => instance,
    target: ({ app }) => app,
    locks: ({ instance, app }) => [`instances/${instance}/doctor/${app}`],
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    async refuse(input) {
      await doctorWorld(deps, input)
    },
    async steps(input) {
      const w = await doctorWorld(deps, input)
      const checks: DoctorFinding[] = []
      return [...general, ['own', w.manifest.title, own] satisfies (typeof general)[number]].map((one) =>
        lookStep(w, checks, one),
      )
    },
  }
}
