export type { ConfigChange, ConfigService } from './service.ts'
