export type { AccessService } from './service.ts'
