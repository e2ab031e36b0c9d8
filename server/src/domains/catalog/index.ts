export { addedApp, addedService } from './added.ts'
export { SettingType } from './graphql.ts'
export type {
  AppManifest,
  AppSecret,
  BrokenEntry,
  ConfigField,
  DoctorCheckSpec,
  Entry,
  HealthCheckSpec,
  ReadyCheck,
  SecretNeed,
  ServiceManifest,
  Setting,
} from './model.ts'
export { clusterSecretsOf, secretNeedsOf } from './model.ts'
export { inOrder, withDependencies } from './order.ts'
export type { Catalog } from './service.ts'
export { draftContext, type SettingChange, typed } from './values.ts'
