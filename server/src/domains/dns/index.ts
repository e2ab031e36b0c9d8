export type { PxeOptions } from './conf.ts'
export type { DnsmasqStatus } from './model.ts'
export type { DnsService } from './service.ts'
