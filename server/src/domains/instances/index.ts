export { fileMode, problemOf } from './archive/pack.ts'
export { archiveKeys, usablePassphrase } from './archive/seal.ts'
export type { InstanceFacts, InstancePart } from './model.ts'
export type { InstanceChange, InstancesService } from './service.ts'
