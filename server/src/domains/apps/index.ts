export { deployItems, deployLocks } from './deploy/operation.ts'
export { AppType } from './graphql.ts'
export type { AppsService } from './service.ts'
