/** The only words for how a cluster is (fine print "Words"). */
export const clusterStatuses = ['not_bootstrapped', 'bootstrapping', 'ready', 'degraded', 'unreachable'] as const
export type ClusterStatus = (typeof clusterStatuses)[number]

export const healthStatuses = ['healthy', 'degraded', 'unhealthy', 'unknown'] as const
export type HealthStatus = (typeof healthStatuses)[number]

export const checkStatuses = ['passing', 'warning', 'failing'] as const
export type CheckStatus = (typeof checkStatuses)[number]

/** One thing that was looked at. */
export interface HealthCheck {
  name: string
  status: CheckStatus
  message: string
  /** What to do about it; empty when it passes. */
  remedy: string
  /** Since when it is so; absent where nobody remembers. ISO 8601. */
  since?: string
}

/** A certificate the cluster, or who administers it, depends on. */
export interface CertificateFact {
  name: string
  /** `client`: of a file of ours; `authority`: signs others; `service`: made and renewed by cert-manager. */
  kind: 'client' | 'authority' | 'service'
  /** ISO 8601; absent when it was never issued or cannot be read. */
  expiresAt?: string
  /** Why it is not usable, in its maker's words. */
  problem?: string
}

export interface ClusterHealth {
  status: HealthStatus
  checks: HealthCheck[]
  /** Empty where they were not looked at. */
  certificates?: CertificateFact[]
  /** When this was looked at. ISO 8601. */
  checkedAt?: string
}

/** A check that changed its verdict. */
export interface HealthEvent {
  name: string
  status: CheckStatus
  message: string
  at: string
}

/** How the parts of the control plane are. */
export interface ClusterComponents {
  apiServer: HealthStatus
  etcd: HealthStatus
  scheduler: HealthStatus
  controllerManager: HealthStatus
}

export interface Cluster {
  status: ClusterStatus
  nodes: number
  controlPlaneNodes: number
  workerNodes: number
  kubernetesVersion?: string
  talosVersion?: string
  components: ClusterComponents
}

/** Port of the Kubernetes API on the virtual address. */
export const apiPort = 6443
