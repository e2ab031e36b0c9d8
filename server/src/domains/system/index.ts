export type { SystemService } from './service.ts'
