export { restoreDevice } from './restore-device.ts'
export type { Backup, BackupsService } from './service.ts'
