export type { AppsService } from './service.ts'
