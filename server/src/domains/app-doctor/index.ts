export type { AppDoctorService } from './service.ts'
