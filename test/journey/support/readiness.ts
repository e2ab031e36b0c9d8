// biome-ignore lint/suspicious/noExplicitAny: objects of any kind
type Loose = any

const condition = (object: Loose, type: string): string =>
  `${type} ${object.status?.conditions?.find((one: Loose) => one.type === type)?.status ?? 'Unknown'}`

/** What an object's status says that matters to people, as one short text; empty for kinds without any. */
export function readyOf(object: Loose): string {
  const { kind, status = {} } = object
  switch (kind) {
    case 'Deployment':
    case 'StatefulSet':
      return `${status.readyReplicas ?? 0} of ${status.replicas ?? 0} ready`
    case 'DaemonSet':
      return `${status.numberReady ?? 0} of ${status.desiredNumberScheduled ?? 0} ready`
    case 'Job':
      return `${status.succeeded ?? 0} succeeded`
    case 'PersistentVolumeClaim':
    case 'Namespace':
      return String(status.phase)
    case 'Certificate':
    case 'ClusterIssuer':
    case 'Node':
      return condition(object, 'Ready')
    case 'CustomResourceDefinition':
      return condition(object, 'Established')
    case 'Service':
      return status.loadBalancer?.ingress?.length ? 'has an address' : ''
    default:
      return ''
  }
}
