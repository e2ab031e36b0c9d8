export type { Backup, BackupsService } from './service.ts'
