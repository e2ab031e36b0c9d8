import { z } from 'zod'
import { appName, instanceName } from '../../platform/names.ts'
import type { ServiceCheck } from '../service-health/index.ts'

export const doctorInput = z.strictObject({ instance: instanceName, app: appName })
export type DoctorInput = z.output<typeof doctorInput>

/** What a check found, with what to do about it. */
export type DoctorFinding = ServiceCheck

export const passing = (name: string, message: string): DoctorFinding => ({
  name,
  status: 'passing',
  message,
  remedy: '',
})
export const warning = (name: string, message: string, remedy: string): DoctorFinding => ({
  name,
  status: 'warning',
  message,
  remedy,
})
export const failing = (name: string, message: string, remedy: string): DoctorFinding => ({
  name,
  status: 'failing',
  message,
  remedy,
})
