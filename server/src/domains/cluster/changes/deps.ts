import type { NodesDeps } from '../../nodes/index.ts'
import type { ClusterDeps } from '../deps.ts'

/** Everything the changes of a cluster are built from. */
export type ChangesDeps = ClusterDeps & NodesDeps
