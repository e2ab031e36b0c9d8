export type { InstanceFacts, InstancePart } from './model.ts'
export type { InstanceChange, InstancesService } from './service.ts'
