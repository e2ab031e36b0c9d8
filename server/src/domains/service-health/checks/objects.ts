import type { KubeObject } from '../../../tools/kubectl.ts'
import { clusterTrouble } from '../../objects/index.ts'
import type { CheckOf, Look } from '../look.ts'
import { bad, type Finding, well } from '../model.ts'

interface Condition {
  type: string
  status: string
  reason?: string
  message?: string
}

const conditionOf = ({ status }: KubeObject, type: string): Condition | undefined =>
  (status?.conditions as Condition[] | undefined)?.find((one) => one.type === type)

const plural = (count: number, kind: string) => `${count} ${kind}${count === 1 ? '' : 's'}`

/** Every object of a kind is in a condition, and there is one at least. */
export async function objects(look: Look, check: CheckOf<'objects'>): Promise<Finding> {
  const { kind, apiVersion, namespace, condition } = check
  const found = await look.list(apiVersion, kind, namespace)
  if (found.length === 0) return bad(`There is no ${kind}.`)
  if (condition === undefined) return well(`${plural(found.length, kind)} there.`)
  const wrong = found.filter((object) => conditionOf(object, condition)?.status !== 'True')
  if (wrong.length === 0) return well(`${plural(found.length, kind)}, all ${condition.toLowerCase()}.`)
  const words = await clusterTrouble(
    look.kubectl,
    wrong.map(({ metadata }) => ({ kind, name: metadata.name, namespace: metadata.namespace })),
  )
  const why = wrong.map((object) => {
    const said = conditionOf(object, condition)
    return `${object.metadata.name} is not ${condition.toLowerCase()}${said?.message ? ` (${said.message})` : ''}`
  })
  return bad(`${[...why, ...words].join('. ').replace(/\.$/, '')}.`)
}

/** Something that is there means trouble, or less than one might wish. */
export async function absent(look: Look, { kind, apiVersion, name, says }: CheckOf<'absent'>): Promise<Finding> {
  const found = await look.list(apiVersion, kind)
  return found.some(({ metadata }) => metadata.name === name) ? bad(says) : well('Nothing stands in the way.')
}

const dayMs = 86_400_000

/** No certificate of this service ends soon. */
export async function expiry(look: Look, { days }: CheckOf<'expiry'>, now: number): Promise<Finding> {
  const certificates = await look.list('cert-manager.io/v1', 'Certificate', look.manifest.namespace)
  const left = certificates.flatMap(({ metadata, status }) => {
    const end = Date.parse(String(status?.notAfter ?? ''))
    return Number.isNaN(end) ? [] : [{ name: metadata.name, days: Math.floor((end - now) / dayMs) }]
  })
  if (left.length === 0) return bad('No certificate was issued yet.')
  const soon = left.filter((one) => one.days < days)
  const words = (all: typeof left) =>
    all.map((one) => (one.days < 0 ? `${one.name} has expired` : `${one.name}: ${one.days} days`)).join(', ')
  return soon.length ? bad(`${words(soon)}.`) : well(`${words(left)}.`)
}

/** The class that apps get when they name none. */
export async function defaultClass(look: Look, { name }: CheckOf<'default-class'>): Promise<Finding> {
  const classes = await look.list('storage.k8s.io/v1', 'StorageClass')
  const isDefault = ({ metadata }: KubeObject) =>
    metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true'
  if (!classes.some(({ metadata }) => metadata.name === name)) return bad(`There is no storage class ${name}.`)
  const defaults = classes.filter(isDefault).map(({ metadata }) => metadata.name)
  if (defaults.length === 1 && defaults[0] === name) return well(`${name} is the default.`)
  return bad(defaults.length === 0 ? 'No storage class is the default.' : `The default is ${defaults.join(' and ')}.`)
}
