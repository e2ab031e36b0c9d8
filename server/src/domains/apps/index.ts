export { deployItems, deployLocks } from './deploy/operation.ts'
export type { AppsService } from './service.ts'
