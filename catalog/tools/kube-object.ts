// biome-ignore lint/suspicious/noExplicitAny: Kubernetes objects are JSON of any shape
export type Json = any

/** A Kubernetes object as kustomize built it. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: {
    name: string
    namespace?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
  }
  spec?: Json
  data?: Record<string, string>
  [key: string]: Json
}

const running = new Set(['Deployment', 'StatefulSet', 'DaemonSet'])

/** Whether pods of this object are meant to run on and on. */
export const isLongRunning = ({ kind }: KubeObject): boolean => running.has(kind)

/** The pod template of a workload or Job. */
export function podTemplate({ kind, spec }: KubeObject): Json | undefined {
  if (running.has(kind) || kind === 'Job') return spec?.template
  return kind === 'CronJob' ? spec?.jobTemplate?.spec?.template : undefined
}

/** A container and its place in the object. */
export interface Container {
  container: Json
  key: string
}

/** Containers of a workload or Job, initial ones included, with the key each is found at. */
export function containersOf(object: KubeObject): Container[] {
  const spec = podTemplate(object)?.spec ?? {}
  const prefix = object.kind === 'CronJob' ? 'spec.jobTemplate.spec.template.spec' : 'spec.template.spec'
  return ['initContainers', 'containers'].flatMap((list) =>
    ((spec[list] ?? []) as Json[]).map((container, index) => ({ container, key: `${prefix}.${list}[${index}]` })),
  )
}

/** Whether labels carry everything a selector asks for. An empty selector matches nothing here. */
export function selects(selector: Record<string, string> | undefined, labels: Record<string, string> = {}): boolean {
  const pairs = Object.entries(selector ?? {})
  return pairs.length > 0 && pairs.every(([key, value]) => labels[key] === value)
}

/** `Deployment ghost/ghost` for messages. */
export const nameOf = ({ kind, metadata }: KubeObject): string =>
  `${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`
