import type { KubeObject, ObjectStore } from '../objects.ts'

type Spec = KubeObject['spec']

/** The text of one key of a ConfigMap or Secret. */
function keyText(source: KubeObject, key: string): string | undefined {
  const plain = source.stringData?.[key] ?? (source.kind === 'ConfigMap' ? source.data?.[key] : undefined)
  if (plain !== undefined) return plain
  const coded = source.kind === 'Secret' ? source.data?.[key] : undefined
  return coded === undefined ? undefined : Buffer.from(coded, 'base64').toString('utf8')
}

const word: Record<string, string> = { Secret: 'secret', ConfigMap: 'configmap' }

/** The value a reference names, or what the kubelet says when it is not there. */
function resolveKey(objects: ObjectStore, namespace: string, kind: 'Secret' | 'ConfigMap', ref: Spec) {
  const source = objects.get(kind, namespace, ref.name ?? '')
  const value = source === undefined ? undefined : keyText(source, ref.key)
  if (value !== undefined || ref.optional === true) return { value }
  if (source === undefined) return { error: `${word[kind]} "${ref.name}" not found` }
  const title = kind === 'Secret' ? 'Secret' : 'ConfigMap'
  return { error: `couldn't find key ${ref.key} in ${title} ${namespace}/${ref.name}` }
}

export interface ContainerInputs {
  env: Record<string, string>
  /** Why the container cannot be made. */
  error?: string
}

/** The environment of a container with its references followed, or the first reference that leads nowhere. */
export function containerInputs(objects: ObjectStore, pod: KubeObject, container: Spec): ContainerInputs {
  const namespace = pod.metadata.namespace ?? ''
  const env: Record<string, string> = {}
  for (const { configMapRef, secretRef, prefix = '' } of container.envFrom ?? []) {
    const [kind, ref] =
      configMapRef === undefined ? (['Secret', secretRef] as const) : (['ConfigMap', configMapRef] as const)
    const source = objects.get(kind, namespace, ref?.name ?? '')
    if (source === undefined && ref?.optional !== true) return { env, error: `${word[kind]} "${ref?.name}" not found` }
    for (const key of Object.keys(source?.data ?? {})) env[prefix + key] = keyText(source!, key) ?? ''
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (valueFrom === undefined) env[name] = value ?? ''
    const [kind, ref] = valueFrom?.secretKeyRef
      ? (['Secret', valueFrom.secretKeyRef] as const)
      : (['ConfigMap', valueFrom?.configMapKeyRef] as const)
    if (ref === undefined) continue
    const resolved = resolveKey(objects, namespace, kind, ref)
    if (resolved.error !== undefined) return { env, error: resolved.error }
    if (resolved.value !== undefined) env[name] = resolved.value
  }
  return { env }
}

/** The Secrets and ConfigMaps one volume is made of. */
function sourcesOf(volume: Spec): { kind: 'Secret' | 'ConfigMap'; name: string; items?: Spec[]; optional?: boolean }[] {
  const { secret, configMap, projected } = volume
  const own = [
    ...(secret === undefined ? [] : [{ ...secret, kind: 'Secret' as const, name: secret.secretName }]),
    ...(configMap === undefined ? [] : [{ ...configMap, kind: 'ConfigMap' as const }]),
  ]
  return [
    ...own,
    ...(projected?.sources ?? []).flatMap((one: Spec) => sourcesOf({ ...one, secret: named(one.secret) })),
  ]
}

/** Projected volumes call a Secret's name `name`. */
const named = (secret: Spec | undefined) => (secret === undefined ? undefined : { ...secret, secretName: secret.name })

/** Why a volume of the pod cannot be mounted, in the kubelet's words, or undefined. */
export function mountError(objects: ObjectStore, pod: KubeObject): string | undefined {
  const namespace = pod.metadata.namespace ?? ''
  for (const volume of pod.spec.volumes ?? []) {
    const failed = `MountVolume.SetUp failed for volume "${volume.name}" : `
    for (const { kind, name, items = [], optional } of sourcesOf(volume)) {
      const source = objects.get(kind, namespace, name ?? '')
      if (optional === true) continue
      if (source === undefined) return `${failed}${word[kind]} "${name}" not found`
      const missing = items.find(
        ({ key }) => keyText(source, key) === undefined && source.binaryData?.[key] === undefined,
      )
      if (missing !== undefined)
        return `${failed}references non-existent ${kind === 'Secret' ? 'secret' : 'config'} key: ${missing.key}`
    }
  }
  return undefined
}
