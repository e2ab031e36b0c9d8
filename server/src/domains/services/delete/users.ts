import type { Kubectl, KubeObject } from '../../../tools/kubectl.ts'
import { keyOf } from '../../objects/index.ts'

/** One kind of thing that others in the cluster lean on: which objects, and the name they lean on. */
interface Leaning {
  /** The kind this service brings. */
  kind: string
  /** The kinds that name it. */
  by: string
  /** The name an object leans on. */
  name(object: KubeObject): string | undefined
}

const leanings: Leaning[] = [
  { kind: 'StorageClass', by: 'persistentvolumeclaims', name: ({ spec }) => spec?.storageClassName },
  { kind: 'IngressClass', by: 'ingresses.networking.k8s.io', name: ({ spec }) => spec?.ingressClassName },
]

/** Objects of others that use what this service brings: "PersistentVolumeClaim ghost/ghost-content". */
export async function usersOf(kubectl: Kubectl, own: KubeObject[], namespace: string): Promise<string[]> {
  const mine = new Set(own.map(keyOf))
  const foreign = (object: KubeObject) => !mine.has(keyOf(object)) && object.metadata.namespace !== namespace
  const users: string[] = []
  for (const { kind, by, name } of leanings) {
    const brought = new Set(own.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name))
    if (brought.size === 0) continue
    const found = await kubectl.get(by, { allNamespaces: true })
    users.push(...found.filter((object) => foreign(object) && brought.has(name(object) ?? '')).map(keyOf))
  }
  return [...users, ...(await customUsers(kubectl, own, foreign))]
}

/** Objects of the resource definitions that this service brings: they go when it goes. */
async function customUsers(
  kubectl: Kubectl,
  own: KubeObject[],
  foreign: (object: KubeObject) => boolean,
): Promise<string[]> {
  const definitions = await kubectl.getLive(own.filter(({ kind }) => kind === 'CustomResourceDefinition'))
  if (definitions.length === 0) return []
  const kinds = definitions.map(({ metadata }) => metadata.name).join(',')
  return (await kubectl.get(kinds, { allNamespaces: true })).filter(foreign).map(keyOf)
}
