export { askPage, type PageAnswer, whyNot } from './checks/network.ts'
export {
  bad,
  type Finding,
  type ServiceCheck,
  type ServiceCheckStatus,
  serviceCheckStatuses,
  serviceVerdicts,
  verdictOf,
  well,
} from './model.ts'
export type { ServiceHealthService } from './service.ts'
export { type HealthStepSet, healthStep, outsideStep } from './steps.ts'
