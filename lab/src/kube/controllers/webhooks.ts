import type { KubeObject, ObjectStore } from '../objects.ts'
import { builtinResources, groupOf } from '../resources.ts'
import { hasReadyEndpoints } from './endpoints.ts'
import { type LabelSelector, selects } from './labels.ts'

export type WebhookOperation = 'CREATE' | 'UPDATE' | 'DELETE'

interface Rule {
  apiGroups?: string[]
  apiVersions?: string[]
  operations?: string[]
  resources?: string[]
  scope?: string
}
interface Webhook {
  name: string
  failurePolicy?: string
  timeoutSeconds?: number
  rules?: Rule[]
  namespaceSelector?: LabelSelector
  objectSelector?: LabelSelector
  clientConfig?: {
    caBundle?: string
    url?: string
    service?: { name: string; namespace: string; path?: string; port?: number }
  }
}

const injected = ['cert-manager.io/inject-ca-from', 'cert-manager.io/inject-ca-from-secret']

/** The plural under which the API serves the object's kind. */
function pluralOf(objects: ObjectStore, object: KubeObject): string | undefined {
  const group = groupOf(object.apiVersion)
  const builtin = builtinResources.find((one) => one.kind === object.kind && one.group === group)
  if (builtin !== undefined) return builtin.plural
  const crd = objects
    .list('CustomResourceDefinition')
    .find(({ spec }) => spec.group === group && spec.names?.kind === object.kind)
  return crd?.spec.names.plural
}

const allows = (list: string[] | undefined, value: string): boolean =>
  list?.some((one) => one === '*' || one === value) === true

function ruleMatches(rule: Rule, operation: WebhookOperation, object: KubeObject, plural: string): boolean {
  const [version = ''] = object.apiVersion.split('/').reverse()
  if (rule.scope === 'Namespaced' && object.metadata.namespace === undefined) return false
  if (rule.scope === 'Cluster' && object.metadata.namespace !== undefined) return false
  return (
    allows(rule.operations, operation) &&
    allows(rule.apiGroups, groupOf(object.apiVersion)) &&
    allows(rule.apiVersions, version) &&
    (allows(rule.resources, plural) || rule.resources?.includes('*/*') === true)
  )
}

const selected = (selector: LabelSelector | undefined, labels: Record<string, string> | undefined): boolean =>
  selector === undefined || selects(selector, labels)

function concerns(
  objects: ObjectStore,
  webhook: Webhook,
  operation: WebhookOperation,
  object: KubeObject,
  plural: string,
): boolean {
  if (webhook.failurePolicy === 'Ignore') return false
  if (!webhook.rules?.some((rule) => ruleMatches(rule, operation, object, plural))) return false
  if (!selected(webhook.objectSelector, object.metadata.labels)) return false
  const { namespace } = object.metadata
  if (namespace === undefined) return true
  const home = objects.get('Namespace', undefined, namespace)
  return selected(webhook.namespaceSelector, { 'kubernetes.io/metadata.name': namespace, ...home?.metadata.labels })
}

/** What keeps the API server from reaching the webhook. */
function trouble(objects: ObjectStore, configuration: KubeObject, webhook: Webhook): string | undefined {
  const { service, caBundle } = webhook.clientConfig ?? {}
  if (service === undefined) return undefined
  if (objects.get('Service', service.namespace, service.name) === undefined)
    return `service "${service.name}" not found`
  if (!hasReadyEndpoints(objects, service.namespace, service.name))
    return `no endpoints available for service "${service.name}"`
  const waitsForCa = injected.some((name) => configuration.metadata.annotations?.[name] !== undefined)
  if (waitsForCa && !caBundle) return 'tls: failed to verify certificate: x509: certificate signed by unknown authority'
  return undefined
}

/** The failure an API server reports for a webhook it cannot call. */
function refusalText({ name, timeoutSeconds = 10, clientConfig }: Webhook, reason: string): string {
  const { service } = clientConfig ?? {}
  const url = `https://${service?.name}.${service?.namespace}.svc:${service?.port ?? 443}${service?.path ?? '/'}?timeout=${timeoutSeconds}s`
  return `Internal error occurred: failed calling webhook "${name}": failed to call webhook: Post "${url}": ${reason}`
}

/**
 * Why the API must refuse this change because an admission webhook that wants to see it cannot answer; undefined when
 * none is in the way. The message is that of the API server (an InternalError, 500).
 */
export function webhookRefusal(
  objects: ObjectStore,
  operation: WebhookOperation,
  object: KubeObject,
): string | undefined {
  const configurations = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].flatMap((kind) =>
    objects.list(kind),
  )
  if (configurations.length === 0 || object.apiVersion.startsWith('admissionregistration.k8s.io/')) return undefined
  const plural = pluralOf(objects, object)
  if (plural === undefined) return undefined
  for (const configuration of configurations) {
    for (const webhook of (configuration.webhooks ?? []) as Webhook[]) {
      if (!concerns(objects, webhook, operation, object, plural)) continue
      const reason = trouble(objects, configuration, webhook)
      if (reason !== undefined) return refusalText(webhook, reason)
    }
  }
  return undefined
}
