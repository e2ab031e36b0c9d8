export { requiredKeys } from './keys.ts'
export { type ConfigChange, checkKnown } from './model.ts'
export type { ConfigService } from './service.ts'
export { type ConfigProblem, problemsOf } from './validate.ts'
