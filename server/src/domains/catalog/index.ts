export { addedApp, addedService } from './added.ts'
export type {
  AppManifest,
  AppSecret,
  BrokenEntry,
  ConfigField,
  DoctorCheckSpec,
  Entry,
  HealthCheckSpec,
  ReadyCheck,
  ServiceManifest,
} from './model.ts'
export { valueTypes } from './model.ts'
export { inOrder, withDependencies } from './order.ts'
export type { Catalog } from './service.ts'
export { draftContext, type SettingChange, typed } from './values.ts'
