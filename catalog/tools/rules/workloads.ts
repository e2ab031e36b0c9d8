import type { Build, BuiltObject } from '../build.ts'
import { type Container, containersOf, isLongRunning, type Json, type KubeObject, podTemplate } from '../kube-object.ts'
import type { Finding } from '../problem.ts'
import { eachOwnObject, type World } from '../world.ts'
import { tagOf } from './manifests.ts'
import type { Rule } from './rule.ts'

/** Says why a workload needs more than the restricted level allows. */
export const reasonAnnotation = 'wild-central.io/privileged-because'

const perContainer = (
  world: World,
  look: (found: Container, object: KubeObject) => [key: string, message: string][],
): Finding[] =>
  eachOwnObject(world, ({ object, file }) =>
    containersOf(object).flatMap((found) =>
      look(found, object).map(([key, message]) => ({
        file,
        key: `${found.key}${key}`,
        message: `of the container ${found.container.name} ${message}`,
      })),
    ),
  )

/** A tag that names one release: it has a number with a dot, or the image is pinned by digest. */
const isPinned = (image: string): boolean => image.includes('@sha256:') || /\d+\.\d+/.test(tagOf(image))

function probes({ container }: Container, object: KubeObject): [string, string][] {
  if (!isLongRunning(object) || podTemplate(object).spec.initContainers?.includes(container)) return []
  const missing = ['readinessProbe', 'livenessProbe'].filter((name) => container[name] === undefined)
  return missing.map((name) => [`.${name}`, 'is missing: add one'])
}

/** A liveness probe ends slow starters unless a startup probe or a delay gives them time. */
function slowStart({ container }: Container): [string, string][] {
  const { livenessProbe, startupProbe } = container
  if (livenessProbe === undefined || startupProbe !== undefined || livenessProbe.initialDelaySeconds > 0) return []
  return [
    [
      '.startupProbe',
      'is missing, the liveness probe would end it while it starts: add one, or initialDelaySeconds to the other',
    ],
  ]
}

function resources({ container }: Container): [string, string][] {
  const { requests = {}, limits = {} } = container.resources ?? {}
  const wanted: [string, unknown][] = [
    ['requests.cpu', requests.cpu],
    ['requests.memory', requests.memory],
    ['limits.memory', limits.memory],
  ]
  return wanted.filter(([, value]) => value === undefined).map(([key]) => [`.resources.${key}`, 'is missing: set it'])
}

function restricted({ container }: Container, object: KubeObject): [string, string][] {
  if (object.metadata.annotations?.[reasonAnnotation]) return []
  const pod = podTemplate(object).spec.securityContext ?? {}
  const own = container.securityContext ?? {}
  const wanted: [string, boolean][] = [
    ['allowPrivilegeEscalation must be false', own.allowPrivilegeEscalation === false],
    ['capabilities.drop must be [ALL]', own.capabilities?.drop?.includes('ALL') === true],
    ['runAsNonRoot must be true', (own.runAsNonRoot ?? pod.runAsNonRoot) === true],
    ['runAsUser must be a number other than 0', (own.runAsUser ?? pod.runAsUser ?? 0) > 0],
    [
      'seccompProfile must be RuntimeDefault',
      ['RuntimeDefault', 'Localhost'].includes((own.seccompProfile ?? pod.seccompProfile)?.type),
    ],
    ['privileged must not be set', own.privileged !== true],
  ]
  return wanted
    .filter(([, fits]) => !fits)
    .map(([message]) => ['.securityContext', `is too wide: ${message}, or say why not in ${reasonAnnotation}`])
}

const claimsOf = (object: KubeObject): string[] =>
  ((podTemplate(object)?.spec?.volumes ?? []) as Json[]).flatMap(
    (volume) => volume.persistentVolumeClaim?.claimName ?? [],
  )

const isHeldOnce = ({ accessModes = [] }: Json): boolean =>
  !accessModes.includes('ReadWriteMany') && !accessModes.includes('ReadOnlyMany')

function surges({ object, file }: BuiltObject, build: Build): Finding[] {
  if (object.kind !== 'Deployment' || object.spec?.strategy?.type === 'Recreate') return []
  const once = build.objects
    .filter(({ object: one }) => one.kind === 'PersistentVolumeClaim' && isHeldOnce(one.spec ?? {}))
    .map(({ object: one }) => one.metadata.name)
  return claimsOf(object)
    .filter((name) => once.includes(name))
    .map((name) => ({
      file,
      key: 'spec.strategy.type',
      message: `must be Recreate: it holds ${name}, which one pod at a time can use`,
    }))
}

function texts(value: Json, key: string): [string, Json][] {
  return Object.entries((value ?? {}) as Record<string, Json>).map(([name, text]) => [`${key}.${name}`, text])
}

/** Values the API takes as text only; YAML makes numbers and booleans of some. */
function notText({ object, file }: BuiltObject): Finding[] {
  const template = podTemplate(object)?.metadata ?? {}
  const pairs: [string, Json][] = [
    ...texts(object.metadata.labels, 'metadata.labels'),
    ...texts(object.metadata.annotations, 'metadata.annotations'),
    ...texts(template.labels, 'spec.template.metadata.labels'),
    ...(object.kind === 'ConfigMap' ? texts(object.data, 'data') : []),
    ...containersOf(object).flatMap(({ container, key }) =>
      ((container.env ?? []) as Json[]).flatMap(({ name, value }): [string, Json][] =>
        value === undefined ? [] : [[`${key}.env.${name}`, value]],
      ),
    ),
  ]
  return pairs
    .filter(([, value]) => typeof value !== 'string')
    .map(([key, value]) => ({ file, key, message: `is ${JSON.stringify(value)}, not text: quote it` }))
}

export const workloadRules: Rule[] = [
  {
    name: 'volumes-held-once',
    about: 'A volume that one pod at a time can hold goes with Recreate or a StatefulSet.',
    check: (world) => eachOwnObject(world, surges),
  },
  {
    name: 'images-pinned',
    about: 'Images carry the tag of one release: no latest, main or stable.',
    check: (world) =>
      perContainer(world, ({ container }) =>
        isPinned(container.image ?? '') ? [] : [['.image', `is ${container.image}: pin it to the tag of one release`]],
      ),
  },
  {
    name: 'probes',
    about: 'Long-running containers have readiness and liveness probes, and time to start.',
    check: (world) => perContainer(world, (found, object) => [...probes(found, object), ...slowStart(found)]),
  },
  {
    name: 'resources',
    about: 'Containers request processor and memory, and have a limit of memory.',
    check: (world) => perContainer(world, resources),
  },
  {
    name: 'restricted',
    about: `Containers fit the restricted Pod Security level, or the workload says why not in ${reasonAnnotation}.`,
    check: (world) => perContainer(world, restricted),
  },
  {
    name: 'values-are-text',
    about: 'Labels, annotations, environment values and ConfigMap data are text.',
    check: (world) => eachOwnObject(world, notText),
  },
]
