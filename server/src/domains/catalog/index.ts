export type { AppManifest, AppSecret, ConfigField, Entry, ReadyCheck, ServiceManifest } from './model.ts'
export { inOrder, withDependencies } from './order.ts'
export type { Catalog } from './service.ts'
