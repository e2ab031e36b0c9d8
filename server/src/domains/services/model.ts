import { z } from 'zod'
import { instanceName, serviceName } from '../../platform/names.ts'
import type { SecretNeed } from '../catalog/index.ts'
import type { Pod, RunStatus } from '../objects/index.ts'

/** A service another one has to do with. */
export interface Related {
  name: string
  title: string
  status: RunStatus
}

/** A secret of a service, without its value. */
export interface ServiceSecret extends SecretNeed {
  isSet: boolean
}

export interface Service {
  instance: string
  name: string
  title: string
  description: string
  /** What it is for in more words. */
  about?: string
  /** The version it was installed with, else the catalog's. */
  version: string
  /** Another version in the catalog. */
  newVersion?: string
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
  /** Nothing of it is in the cluster: apps read its settings. */
  settingsOnly: boolean
  /** People log in to it with a token. */
  takesToken: boolean
  needs: Related[]
  neededBy: Related[]
}

/** Settings to write, by their paths, nested or not. */
export interface ConfigureInput {
  instance: string
  service: string
  config: Record<string, unknown>
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

export const updateInput = z.strictObject({
  instance: instanceName,
  service: serviceName,
  /** The version of the catalog, when it is named at all. */
  version: z.string().optional(),
  /** Settings to change. */
  config: z.record(z.string(), z.unknown()).default({}),
  /** Bring the instance's own copy of the templates up to date; by default when there is one. */
  fetch: z.boolean().optional(),
  deploy: z.boolean().default(true),
  /** The new text wins where a file edited by hand changes the same lines. */
  force: z.boolean().default(false),
  /** Only say what would change in the cluster. */
  dryRun: z.boolean().default(false),
})
export type UpdateInput = z.output<typeof updateInput>

export const deleteInput = z.strictObject({
  instance: instanceName,
  service: serviceName,
  /** Also while something needs it. */
  force: z.boolean().default(false),
})
export type DeleteInput = z.output<typeof deleteInput>
