import type { StepContext } from '../../../operations/define.ts'
import { asWildError } from '../../../platform/errors.ts'
import type { DoctorCheckSpec } from '../../catalog/index.ts'
import { podsOf, readLive } from '../../objects/index.ts'
import { bad, type Finding, well } from '../../service-health/index.ts'
import type { DoctorFinding } from '../model.ts'
import type { DoctorWorld } from '../world.ts'
import { askDoor } from './address.ts'

type CheckOf<Name extends DoctorCheckSpec['check']> = Extract<DoctorCheckSpec, { check: Name }>

/** A page below the app's address is served as it should be. */
async function http(w: DoctorWorld, { path, status, contains }: CheckOf<'http'>): Promise<Finding> {
  const url = new URL(path, await w.filled(w.manifest.url ?? ''))
  const answer = await askDoor(w, url.hostname, `${url.pathname}${url.search}`)
  if (typeof answer === 'string') return bad(answer)
  if (!status.includes(answer.status)) return bad(`${url} answers with ${answer.status}, not ${status.join(' or ')}.`)
  if (contains !== undefined && !answer.body.includes(contains)) return bad(`${url} answers without "${contains}".`)
  return well(`${url} answers with ${answer.status}.`)
}

/** A command in a pod of the app ends well. */
async function command(w: DoctorWorld, check: CheckOf<'command'>, ctx: StepContext): Promise<Finding> {
  const { kind, name, container, command: words, prints } = check
  const live = await readLive(ctx.run, w.deps.instances.paths(w.instance))
  const own = w.manifest.ready.filter((ready) => ready.kind === kind && ready.name === name)
  const pod = podsOf(own, w.place.namespace, live).find(({ ready }) => ready)
  if (!pod) return bad(`No pod of ${kind} ${name} answers.`)
  const [object] = await w.kubectl(ctx).get('pod', { name: pod.name, namespace: pod.namespace })
  const where = container ?? String(object?.spec.containers[0].name)
  const exec = { pod: pod.name, namespace: pod.namespace, container: where, command: words, timeoutMs: 30_000 }
  const said = await w.streams(ctx).exec(exec)
  return prints === undefined || said.includes(prints)
    ? well('It answers.')
    : bad(`It does not answer with "${prints}".`)
}

/** A check the app's manifest declares. Trouble with looking is a finding too. */
export async function declared(w: DoctorWorld, check: DoctorCheckSpec, ctx: StepContext): Promise<DoctorFinding> {
  const look = check.check === 'http' ? http(w, check) : command(w, check, ctx)
  const { well: fine, message } = await look.catch((error: unknown) => bad(asWildError(error).message))
  return {
    name: check.title,
    status: fine ? 'passing' : check.severity,
    message,
    remedy: fine ? '' : check.remedy,
  }
}
