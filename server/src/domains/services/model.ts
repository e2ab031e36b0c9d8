import { z } from 'zod'
import { instanceName, serviceName } from '../../platform/names.ts'
import type { Pod, RunStatus } from '../objects/index.ts'

export interface Service {
  name: string
  title: string
  description: string
  version: string
  namespace: string
  core: boolean
  /** Left out unless somebody asks for it by name. */
  onRequest: boolean
  dependencies: string[]
  status: RunStatus
  pods: Pod[]
  trouble?: string
  /** Settings and secrets that it cannot be installed without, and that nobody gave. */
  missingSettings: string[]
  missingSecrets: string[]
}

export const installInput = z.strictObject({
  instance: instanceName,
  name: serviceName,
  fetch: z.boolean().default(false),
  deploy: z.boolean().default(true),
})
export type InstallInput = z.output<typeof installInput>

export const installAllInput = z.strictObject({
  instance: instanceName,
  fetch: z.boolean().default(false),
  deploy: z.boolean().default(true),
})
export type InstallAllInput = z.output<typeof installAllInput>

export const deleteInput = z.strictObject({
  instance: instanceName,
  service: serviceName,
  /** Also while something needs it. */
  force: z.boolean().default(false),
})
export type DeleteInput = z.output<typeof deleteInput>
