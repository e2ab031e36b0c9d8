import type { StepContext } from '../../../operations/define.ts'
import { bytesText, checkReady, keyOf, lookup, probeOf, readLive } from '../../objects/index.ts'
import { type DoctorFinding, failing, passing, warning } from '../model.ts'
import type { DoctorWorld } from '../world.ts'

const unpulled = new Set(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName'])

/** What its manifest waits for is there and ready, and no Job of it is stuck. A Job that is gone was tidied away after it was done. */
export async function pods(w: DoctorWorld, ctx: StepContext): Promise<DoctorFinding[]> {
  const name = 'Pods'
  const { pods: all } = await w.details(ctx)
  const probes = w.manifest.ready.map((check) => probeOf(check, w.place.namespace))
  const find = lookup(await w.kubectl(ctx).getLive(probes))
  const wrong = w.manifest.ready.flatMap((check, at) => {
    const live = find(probes[at]!)
    if (live === undefined && check.kind === 'Job') return []
    const verdict = checkReady(check, live)
    return verdict.ready ? [] : [`${keyOf(probes[at]!)}: ${verdict.reason}.`]
  })
  const { stuck } = await readLive(ctx.run, w.deps.instances.paths(w.instance))
  const jobs = stuck.filter(({ namespace }) => namespace === w.place.namespace)
  const trouble = [...all, ...jobs].flatMap((one) => one.trouble ?? [])
  if (wrong.length || trouble.length)
    return [
      failing(
        name,
        [...new Set(trouble.length ? trouble : wrong)].slice(0, 3).join(' '),
        `wild-cli app logs ${w.app} tells more; wild-cli app deploy ${w.app} brings back what is missing.`,
      ),
    ]
  const restless = all.filter(({ restarts }) => restarts > manyRestarts)
  if (restless.length)
    return [
      warning(
        name,
        `${restless.map((pod) => `${pod.name} was restarted ${pod.restarts} times`).join(', ')}.`,
        `Its log may say why: wild-cli app logs ${w.app}`,
      ),
    ]
  return [passing(name, `${all.filter(({ ready }) => ready).length} of ${all.length} answer.`)]
}

const manyRestarts = 5

/** Every image its pods need could be fetched. */
export async function images(w: DoctorWorld, ctx: StepContext): Promise<DoctorFinding[]> {
  const name = 'Images'
  const missing = (await w.details(ctx)).pods.filter(({ status }) => unpulled.has(status))
  if (missing.length === 0) return [passing(name, 'All of them could be fetched.')]
  return [
    failing(
      name,
      missing.map((pod) => pod.trouble ?? `${pod.name}: ${pod.status}.`).join(' '),
      `Look whether the machines reach the internet and whether apps.${w.app}.image is right; then wild-cli app update ${w.app}`,
    ),
  ]
}

const fullFrom = 0.98
const nearlyFrom = 0.9

/** Its volumes are bound, and not full as far as the machines tell. */
export async function volumes(w: DoctorWorld, ctx: StepContext): Promise<DoctorFinding[]> {
  const name = 'Volumes'
  const { volumes: all } = await w.details(ctx)
  if (all.length === 0) return [passing(name, 'It has none.')]
  const unbound = all.filter(({ phase }) => phase !== 'Bound')
  if (unbound.length)
    return [
      failing(
        name,
        `${unbound.map((volume) => `${volume.name} is ${volume.phase.toLowerCase()}`).join(', ')}.`,
        `Look at the storage: wild-cli service health longhorn, and wild-cli app events ${w.app}`,
      ),
    ]
  const shares = all.flatMap(({ name: claim, usedBytes, capacityBytes }) =>
    usedBytes !== undefined && capacityBytes
      ? [{ claim, usedBytes, capacityBytes, share: usedBytes / capacityBytes }]
      : [],
  )
  const tight = shares.filter(({ share }) => share >= nearlyFrom)
  const words = tight.map((one) => `${one.claim} uses ${bytesText(one.usedBytes)} of ${bytesText(one.capacityBytes)}`)
  const remedy = `Delete what is not needed, or give it more space: wild-cli app update ${w.app} --set storage=SIZE`
  if (tight.some(({ share }) => share >= fullFrom)) return [failing(name, `${words.join(', ')}.`, remedy)]
  if (tight.length) return [warning(name, `${words.join(', ')}.`, remedy)]
  const known =
    shares.length === all.length ? ', none is nearly full' : '; the machines do not tell how full all of them are'
  return [passing(name, `${all.length} bound${known}.`)]
}

/** The Secret its pods read has every key, with the values of secrets.yaml. */
export async function secrets(w: DoctorWorld, ctx: StepContext): Promise<DoctorFinding[]> {
  const name = 'Secrets'
  const wanted = w.manifest.secrets
  if (wanted.length === 0) return [passing(name, 'It needs none.')]
  const values = await Promise.all(
    wanted.map(async (secret) => ({ secret, value: await w.deps.secrets.value(w.instance, secret.path) })),
  )
  const unset = values.filter(({ secret, value }) => !value && !(secret.kind === 'supplied' && secret.optional))
  if (unset.length)
    return [
      failing(
        name,
        `${unset.map(({ secret }) => secret.path).join(', ')} ${unset.length === 1 ? 'has' : 'have'} no value.`,
        `wild-cli secret set ${unset[0]!.secret.path}, then wild-cli app deploy ${w.app}`,
      ),
    ]
  const [live] = await w.kubectl(ctx).get('secret', { name: `${w.app}-secrets`, namespace: w.place.namespace })
  const held = (path: string) => live?.data?.[path] as string | undefined
  const set = values.filter(({ value }) => value)
  const missing = set.filter(({ secret }) => held(secret.path) === undefined)
  const other = set.filter(({ secret, value }) => {
    const there = held(secret.path)
    return there !== undefined && there !== Buffer.from(value!).toString('base64')
  })
  if (missing.length || other.length)
    return [
      failing(
        name,
        [
          ...missing.map(({ secret }) => `${secret.path} is not in the cluster.`),
          ...other.map(({ secret }) => `${secret.path} is another one in the cluster.`),
        ].join(' '),
        `wild-cli app deploy ${w.app} brings them there.`,
      ),
    ]
  return [passing(name, `${set.length} of ${wanted.length} are set, and the same in the cluster.`)]
}
