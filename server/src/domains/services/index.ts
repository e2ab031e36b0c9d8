export type { InstallDeps } from './deps.ts'
export { PodType, RunStatusType } from './graphql.ts'
export type { ServicesService } from './service.ts'
