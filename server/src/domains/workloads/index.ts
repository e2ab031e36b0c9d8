export { readDetails } from './details.ts'
export type { Details, WorkloadKind } from './model.ts'
export { type Place, type PlaceDeps, placeOf } from './place.ts'
export type { WorkloadsService } from './service.ts'
