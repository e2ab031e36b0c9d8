import type { BuiltObject } from '../build.ts'
import { type Json, type KubeObject, nameOf, podTemplate, selects } from '../kube-object.ts'
import type { Finding } from '../problem.ts'
import { scenarios } from '../scenarios.ts'
import { objectsOf, signed, type World } from '../world.ts'
import type { Rule } from './rule.ts'

type Look = (one: BuiltObject, neighbours: KubeObject[]) => Finding[]

/** Calls `look` with each own object and all objects of its entry in the same namespace, itself included. */
function withNeighbours(world: World, look: Look): Finding[] {
  return world.entries.flatMap((entry) =>
    scenarios.flatMap((scenario) => {
      const all = objectsOf(world, entry, scenario)
      return all
        .filter(({ upstream }) => !upstream)
        .flatMap((one) => {
          const { namespace } = one.object.metadata
          const objects = all.map(({ object }) => object)
          return signed(
            one,
            look(
              one,
              objects.filter(({ metadata }) => metadata.namespace === namespace),
            ),
          )
        })
    }),
  )
}

const podLabels = (object: KubeObject): Record<string, string> | undefined => podTemplate(object)?.metadata?.labels

const workloadsBehind = (selector: Record<string, string> | undefined, neighbours: KubeObject[]): KubeObject[] =>
  neighbours.filter((one) => podTemplate(one) !== undefined && selects(selector, podLabels(one)))

function selectsOnlyItself({ object, file }: BuiltObject, neighbours: KubeObject[]): Finding[] {
  const selector = object.spec?.selector?.matchLabels
  if (podTemplate(object) === undefined || object.kind === 'Job' || object.kind === 'CronJob') return []
  const key = 'spec.selector.matchLabels'
  if (!selects(selector, podLabels(object)))
    return [{ file, key, message: 'does not match its own pods: use the labels of the template' }]
  return workloadsBehind(selector, neighbours)
    .filter((one) => one !== object)
    .map((one) => ({
      file,
      key,
      message: `also matches the pods of ${nameOf(one)}: give each a component of its own`,
    }))
}

const portsOf = (workload: KubeObject): Json[] =>
  (podTemplate(workload)?.spec?.containers ?? []).flatMap(({ ports }: Json) => ports ?? [])

function leadsSomewhere({ object, file }: BuiltObject, neighbours: KubeObject[]): Finding[] {
  if (object.kind !== 'Service' || object.spec?.selector === undefined) return []
  const behind = workloadsBehind(object.spec.selector, neighbours)
  const key = 'spec.selector'
  if (behind.length === 0) return [{ file, key, message: 'matches no pods: use the labels of the workload behind it' }]
  if (behind.length > 1)
    return [{ file, key, message: `matches pods of ${behind.map(nameOf).join(' and ')}: add the component of one` }]
  return ((object.spec.ports ?? []) as Json[]).flatMap(({ port, targetPort = port }, at) => {
    const found = portsOf(behind[0]!).some(
      ({ name, containerPort }) => targetPort === name || targetPort === containerPort,
    )
    const message = `is ${targetPort}, a port that ${nameOf(behind[0]!)} does not have: use one of its containers' ports`
    return found ? [] : [{ file, key: `spec.ports[${at}].targetPort`, message }]
  })
}

function backendsOf(ingress: KubeObject): { key: string; service: Json }[] {
  const rules = (ingress.spec?.rules ?? []) as Json[]
  return rules.flatMap(({ http }, rule) =>
    ((http?.paths ?? []) as Json[]).map(({ backend }, path) => ({
      key: `spec.rules[${rule}].http.paths[${path}].backend.service`,
      service: backend?.service,
    })),
  )
}

function hasBackends({ object, file }: BuiltObject, neighbours: KubeObject[]): Finding[] {
  if (object.kind !== 'Ingress') return []
  return backendsOf(object).flatMap(({ key, service }) => {
    const found = neighbours.find(({ kind, metadata }) => kind === 'Service' && metadata.name === service?.name)
    if (found === undefined)
      return [
        { file, key, message: `is ${service?.name}, but there is no such Service in the namespace: correct the name` },
      ]
    const { name, number } = service.port ?? {}
    const ports = (found.spec?.ports ?? []) as Json[]
    const has = ports.some((one) => (name === undefined ? one.port === number : one.name === name))
    return has
      ? []
      : [
          {
            file,
            key: `${key}.port`,
            message: `is ${name ?? number}, a port that ${nameOf(found)} does not have: use one of its own`,
          },
        ]
  })
}

export const selectorRules: Rule[] = [
  {
    name: 'selectors-match-own-pods',
    about: 'A selector matches its own pods and nobody else’s in the namespace.',
    check: (world) => withNeighbours(world, selectsOnlyItself),
  },
  {
    name: 'services-lead-somewhere',
    about: 'A Service leads to the pods of one workload, and to ports they have.',
    check: (world) => withNeighbours(world, leadsSomewhere),
  },
  {
    name: 'ingress-backends-exist',
    about: 'An Ingress leads to a Service of its namespace and a port that Service has.',
    check: (world) => withNeighbours(world, hasBackends),
  },
]
