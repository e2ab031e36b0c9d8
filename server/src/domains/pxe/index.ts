export type { PxeService } from './service.ts'
