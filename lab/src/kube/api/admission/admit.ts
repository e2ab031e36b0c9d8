import { type WebhookOperation, webhookRefusal } from '../../controllers/webhooks.ts'
import type { KubeObject } from '../../objects.ts'
import { apiVersionOf, type Resource } from '../../resources.ts'
import type { ApiContext } from '../context.ts'
import { podSecurityLevel, podSecurityViolations } from '../pod-security.ts'
import { customErrors } from '../schema/custom.ts'
import { ApiError, forbidden, invalid } from '../status.ts'
import { setDefaults } from './defaults.ts'
import { changeErrors } from './immutable.ts'
import { objectErrors } from './validate.ts'

/** New content is refused in a namespace that is missing or going. */
function checkNamespace({ objects }: ApiContext, resource: Resource, object: KubeObject): void {
  const name = object.metadata.namespace
  if (!resource.namespaced || name === undefined) return
  const namespace = objects.get('Namespace', undefined, name)
  if (namespace === undefined)
    throw new ApiError(404, 'NotFound', `namespaces "${name}" not found`, { name, kind: 'namespaces' })
  if (namespace.status?.phase === 'Terminating')
    throw forbidden(
      resource,
      object.metadata.name,
      `unable to create new content in namespace ${name} because it is being terminated`,
    )
}

const templateOf = (object: KubeObject): unknown =>
  object.spec?.template?.spec ?? object.spec?.jobTemplate?.spec?.template?.spec

/** Pods that break the namespace's level are refused; workloads that would make such pods get a warning. */
function checkPodSecurity({ objects }: ApiContext, resource: Resource, object: KubeObject, warnings: string[]): void {
  if (resource.custom) return
  const namespace = objects.get('Namespace', undefined, object.metadata.namespace ?? '')
  if (object.kind === 'Pod') {
    const level = podSecurityLevel(namespace)
    const broken = podSecurityViolations(object.spec, level)
    if (broken.length > 0)
      throw forbidden(resource, object.metadata.name, `violates PodSecurity "${level}:latest": ${broken.join(', ')}`)
  }
  const template = object.kind === 'Pod' ? object.spec : templateOf(object)
  if (template === undefined) return
  const level = podSecurityLevel(namespace, 'warn')
  const broken = podSecurityViolations(template, level)
  if (broken.length > 0) warnings.push(`would violate PodSecurity "${level}:latest": ${broken.join(', ')}`)
}

/** Throws when an admission webhook that wants to see this change cannot answer. */
export function askWebhooks({ objects }: ApiContext, operation: WebhookOperation, object: KubeObject): void {
  const refusal = webhookRefusal(objects, operation, object)
  if (refusal !== undefined) throw new ApiError(500, 'InternalError', refusal)
}

/** A fault somebody ordered, in the words of an admission webhook that says no. */
function checkOrders({ refuses }: ApiContext, { kind, metadata }: KubeObject): void {
  const what = `${kind}/${metadata.name}`
  if (!refuses?.(what)) return
  const words = `admission webhook "policy.lab.wild-central.io" denied the request: ${what} is not wanted here`
  throw new ApiError(403, 'Forbidden', words)
}

/**
 * Everything that happens to an object between being read and being stored: defaults, then refusals.
 * @param before the stored object when it is a change; undefined for a new one
 * @param warnings gets the texts for the answer's Warning headers
 */
export function admit(
  context: ApiContext,
  resource: Resource,
  given: KubeObject,
  before: KubeObject | undefined,
  warnings: string[],
): KubeObject {
  const object = structuredClone(given)
  object.apiVersion = apiVersionOf(resource)
  object.kind = resource.kind
  if (before === undefined) checkNamespace(context, resource, object)
  if (!resource.custom) setDefaults(object, context.objects)
  const errors = before === undefined || resource.custom ? [] : changeErrors(before, object)
  if (errors.length === 0) errors.push(...objectErrors(object, !resource.custom))
  if (resource.custom) errors.push(...customErrors(context.registry.openApi(resource), object))
  if (errors.length > 0) throw invalid(resource, object.metadata.name, errors)
  checkPodSecurity(context, resource, object, warnings)
  checkOrders(context, object)
  askWebhooks(context, before === undefined ? 'CREATE' : 'UPDATE', object)
  return object
}
