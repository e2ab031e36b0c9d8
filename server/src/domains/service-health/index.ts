export type { ServiceHealthService } from './service.ts'
export { type HealthStepSet, healthStep, outsideStep } from './steps.ts'
