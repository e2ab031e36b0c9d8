import type { ReadyCheck, ServiceManifest } from '../catalog/index.ts'

export const serviceCheckStatuses = ['passing', 'warning', 'failing'] as const
export type ServiceCheckStatus = (typeof serviceCheckStatuses)[number]

/** What a look found, before its title and remedy are added. */
export interface Finding {
  well: boolean
  message: string
}

/** One thing about a service that was looked at. */
export interface ServiceCheck {
  name: string
  status: ServiceCheckStatus
  message: string
  /** What to do about it; empty when it passes. */
  remedy: string
}

export const serviceVerdicts = ['healthy', 'degraded', 'unhealthy', 'unknown'] as const
export type ServiceVerdict = (typeof serviceVerdicts)[number]

/** How well one service is. */
export interface ServiceHealth {
  service: string
  title: string
  core: boolean
  status: ServiceVerdict
  checks: ServiceCheck[]
}

/** All checks in one word: what fails makes it unhealthy, what warns degraded. */
export function verdictOf(checks: ServiceCheck[]): ServiceVerdict {
  if (checks.some(({ status }) => status === 'failing')) return 'unhealthy'
  return checks.some(({ status }) => status === 'warning') ? 'degraded' : 'healthy'
}

export const well = (message: string): Finding => ({ well: true, message })
export const bad = (message: string): Finding => ({ well: false, message })

/** What a service's manifest says is waited for. Jobs are tidied away once they are done, so one that is gone is fine. */
export const partsOf = ({ apply }: ServiceManifest): ReadyCheck[] => apply.flatMap(({ ready }) => ready)
