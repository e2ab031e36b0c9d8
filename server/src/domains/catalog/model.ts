import { z } from 'zod'
import type { WildError } from '../../platform/errors.ts'
import { appName, serviceName } from '../../platform/names.ts'

export const readyConditions = ['Available', 'Ready', 'Complete', 'Established', 'LoadBalancer', 'Exists'] as const

/** One thing that must be true of the cluster before something counts as ready. */
export const readyCheck = z.strictObject({
  kind: z.string(),
  apiVersion: z.string().optional(),
  name: z.string(),
  namespace: z.string().optional(),
  condition: z.enum(readyConditions),
  timeoutSeconds: z.int().min(1).max(3600).default(300),
  remedy: z.string().optional(),
})
export type ReadyCheck = z.infer<typeof readyCheck>

export const valueTypes = [
  'string',
  'hostname',
  'integer',
  'boolean',
  'quantity',
  'email',
  'timezone',
  'choice',
] as const

/** A setting: what it is, and what it is when nobody says. String defaults may be templates over config.yaml. */
export const configField = z.strictObject({
  type: z.enum(valueTypes),
  title: z.string(),
  prompt: z.string().optional(),
  help: z.string().optional(),
  choices: z.array(z.string()).optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
})
export type ConfigField = z.infer<typeof configField>

const clusterSecret = {
  name: z.string(),
  namespace: z.string(),
  keys: z.record(z.string(), z.string()),
  optional: z.boolean().default(false),
  description: z.string().optional(),
}

/** What goes into a Kubernetes Secret of the service, or is only asked for and kept: apps read it from secrets.yaml. */
const serviceSecret = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('supplied'), ...clusterSecret }),
  z.strictObject({ kind: z.literal('generated'), ...clusterSecret }),
  z.strictObject({
    kind: z.literal('asked'),
    path: z.string(),
    optional: z.boolean().default(false),
    description: z.string(),
  }),
])

/** A text the cluster owns that a block of ours is kept in: a key of a ConfigMap. */
const mergeTarget = z.strictObject({ configMap: z.string(), namespace: z.string(), key: z.string() })

const applyEntry = z.strictObject({
  kustomize: z.string().regex(/^[a-z0-9-]+$/),
  title: z.string(),
  /** The folder's ConfigMap has the block, below the same key. */
  mergeInto: mergeTarget.optional(),
  upstream: z.array(z.string()).default([]),
  whenSecret: z.string().optional(),
  unlessSecret: z.string().optional(),
  ready: z.array(readyCheck).default([]),
})

const said = { title: z.string(), remedy: z.string(), severity: z.enum(['failing', 'warning']).default('failing') }
const objectKind = { kind: z.string(), apiVersion: z.string() }

/** `1.34`: a version without its patch. */
const minorVersion = z.string().regex(/^\d+\.\d+$/)

/** Something that is looked at after the installation and whenever somebody asks, besides what is waited for. */
export const healthCheck = z.discriminatedUnion('check', [
  z.strictObject({
    ...said,
    check: z.literal('objects'),
    ...objectKind,
    namespace: z.string().optional(),
    condition: z.string().optional(),
  }),
  z.strictObject({ ...said, check: z.literal('absent'), ...objectKind, name: z.string(), says: z.string() }),
  z.strictObject({ ...said, check: z.literal('addresses') }),
  z.strictObject({ ...said, check: z.literal('copies') }),
  z.strictObject({ ...said, check: z.literal('expiry'), days: z.int().min(1).max(90) }),
  z.strictObject({ ...said, check: z.literal('default-class'), name: z.string() }),
  z.strictObject({ ...said, check: z.literal('block'), configMap: z.string() }),
  z.strictObject({ ...said, check: z.literal('endpoints'), service: z.string() }),
  z.strictObject({ ...said, check: z.literal('page'), host: z.string() }),
  z.strictObject({ ...said, check: z.literal('tcp'), host: z.string(), port: z.string() }),
  z.strictObject({ ...said, check: z.literal('nfs'), host: z.string(), path: z.string() }),
])
export type HealthCheckSpec = z.infer<typeof healthCheck>

/** An account whose tokens a person may ask for, to log in somewhere. */
export const serviceToken = z.strictObject({ account: z.string(), hours: z.int().min(1).max(168).default(24) })

export const serviceManifest = z.strictObject({
  name: serviceName,
  title: z.string(),
  description: z.string(),
  /** More words for somebody who knows no Kubernetes: why it is there, and what stops without it. */
  about: z.string().optional(),
  version: z.string(),
  category: z.literal('infrastructure'),
  core: z.boolean(),
  /** Only installed when somebody asks for it by name. */
  onRequest: z.boolean().default(false),
  /** Names it went by, which are still taken for it. */
  aliases: z.array(serviceName).default([]),
  namespace: z.string(),
  dependsOn: z.array(serviceName),
  /** The oldest Kubernetes it runs on. */
  kubernetes: minorVersion.optional(),
  /** The oldest version of it that it takes the place of, told by the image of a workload; never a newer one. */
  follows: z
    .strictObject({ kind: z.enum(['DaemonSet', 'Deployment']), name: z.string(), oldest: minorVersion })
    .optional(),
  requiresConfig: z.array(z.string()).default([]),
  config: z.record(z.string(), configField).default({}),
  secrets: z.array(serviceSecret).default([]),
  upstream: z.array(z.strictObject({ name: z.string(), url: z.url({ protocol: /^https$/ }) })).default([]),
  apply: z.array(applyEntry),
  /** Done before anything of it is deleted: what it has to clear away itself. */
  uninstall: applyEntry.optional(),
  health: z.array(healthCheck).default([]),
  token: serviceToken.optional(),
})
export type ServiceManifest = z.infer<typeof serviceManifest>

/** Secrets that become a Secret in the cluster. */
export const clusterSecretsOf = ({ secrets }: ServiceManifest) =>
  secrets.flatMap((secret) => (secret.kind === 'asked' ? [] : [secret]))

/** A secret of a service by its place in secrets.yaml. */
export interface SecretNeed {
  path: string
  kind: 'supplied' | 'generated'
  optional: boolean
  description?: string
}

/** The secrets of a service, each by its path: a person gives what is supplied or asked. */
export function secretNeedsOf({ secrets }: ServiceManifest): SecretNeed[] {
  return secrets.flatMap((secret) => {
    const kind = secret.kind === 'generated' ? ('generated' as const) : ('supplied' as const)
    const paths = secret.kind === 'asked' ? [secret.path] : Object.values(secret.keys)
    return paths.map((path) => ({ path, kind, optional: secret.optional, description: secret.description }))
  })
}

/** A setting as it is shown: what the manifest says of it, and what it is now. */
export interface Setting extends Pick<ConfigField, 'type' | 'title' | 'help' | 'choices' | 'default'> {
  name: string
  prompt?: string
  value?: unknown
}

const appSecret = z.discriminatedUnion('kind', [
  z.strictObject({ path: z.string(), kind: z.literal('generated') }),
  z.strictObject({
    path: z.string(),
    kind: z.literal('supplied'),
    optional: z.boolean().default(false),
    description: z.string(),
  }),
  z.strictObject({ path: z.string(), kind: z.literal('derived'), template: z.string() }),
])
export type AppSecret = z.infer<typeof appSecret>

export const categories = [
  'content',
  'media',
  'development',
  'communication',
  'database',
  'ai',
  'home',
  'office',
] as const

/** A database of an app: the app that runs its server, and its name there, a template. */
const backupDatabase = z.strictObject({
  kind: z.enum(['postgres', 'mysql']),
  app: appName,
  name: z.string(),
})

/** What a backup of an app holds besides its manifests, config and secrets. */
export const appBackup = z.strictObject({
  volumes: z.array(appName).default([]),
  databases: z.array(backupDatabase).default([]),
  quiesce: z.boolean().default(false),
})
export type AppBackup = z.infer<typeof appBackup>

/** Something that is looked at when somebody asks how an app is, besides what is looked at of every app. */
export const doctorCheck = z.discriminatedUnion('check', [
  z.strictObject({
    ...said,
    check: z.literal('http'),
    /** Below the app's `url`. */
    path: z.string().startsWith('/'),
    status: z.array(z.int().min(100).max(599)).min(1).default([200]),
    contains: z.string().optional(),
  }),
  z.strictObject({
    ...said,
    check: z.literal('command'),
    /** The workload whose pod runs it. */
    kind: z.enum(['Deployment', 'StatefulSet']),
    name: appName,
    container: z.string().optional(),
    command: z.array(z.string()).min(1),
    prints: z.string().optional(),
  }),
])
export type DoctorCheckSpec = z.infer<typeof doctorCheck>

export const appManifest = z.strictObject({
  name: appName,
  title: z.string(),
  description: z.string(),
  version: z.string(),
  category: z.enum(categories),
  icon: z.string().regex(/^[\w.-]+\.svg$/),
  links: z.record(z.string(), z.url()),
  dependsOn: z.array(appName),
  config: z.record(z.string(), configField).default({}),
  secrets: z.array(appSecret).default([]),
  url: z.string().optional(),
  ready: z.array(readyCheck),
  /** Absent: it keeps no data. */
  backup: appBackup.optional(),
  doctor: z.array(doctorCheck).default([]),
  notes: z.string().optional(),
})
export type AppManifest = z.infer<typeof appManifest>

/** An entry and the folder its files are in. */
export interface Entry<Manifest> {
  manifest: Manifest
  folder: string
  /** From the data directory's own catalog, which wins over the bundled one. */
  local: boolean
}

/** An entry that is there but cannot be used. */
export interface BrokenEntry {
  name: string
  folder: string
  local: boolean
  /** CONFIG_INVALID with file and reason. */
  problem: WildError
}
