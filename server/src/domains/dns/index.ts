export type { DnsmasqStatus } from './model.ts'
export type { DnsService } from './service.ts'
