export type { WorkloadKind } from './model.ts'
export type { WorkloadsService } from './service.ts'
