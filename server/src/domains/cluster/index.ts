export type { EtcdCopies } from './changes/snapshots/take.ts'
export type { HealthService } from './health/service.ts'
export type { Cluster, ClusterHealth, ClusterStatus, HealthCheck } from './model.ts'
export type { ClusterService } from './service.ts'
