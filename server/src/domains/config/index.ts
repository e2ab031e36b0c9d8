export { requiredKeys } from './keys.ts'
export { checkKnown } from './model.ts'
export type { ConfigChange, ConfigService } from './service.ts'
export { type ConfigProblem, problemsOf } from './validate.ts'
