import { z } from 'zod'

// The formats as the daemon reads them, written down a second time: a change of either side that the other lacks is
// found by manifest.test.ts. What they leave open is narrowed by rules.
const entryName = z
  .string()
  .min(1)
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'holds lower-case letters, digits and "-" only')

/** Conditions a catalog entry may wait for. */
export const readyConditions = ['Available', 'Ready', 'Complete', 'Established', 'LoadBalancer', 'Exists'] as const

/** One thing that must be true of the cluster before an entry counts as ready. */
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

/** A setting: what it is, and what it is when nobody says. String defaults may be templates over config.yaml. */
export const configField = z.strictObject({
  type: z.enum(['string', 'hostname', 'integer', 'boolean', 'quantity', 'email', 'timezone', 'choice']),
  title: z.string(),
  prompt: z.string().optional(),
  help: z.string().optional(),
  choices: z.array(z.string()).optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
})
export type ConfigField = z.infer<typeof configField>

const kubernetesSecret = z.strictObject({
  name: z.string(),
  namespace: z.string(),
  keys: z.record(z.string(), z.string()),
  kind: z.enum(['supplied', 'generated']),
  optional: z.boolean().default(false),
  description: z.string().optional(),
})

const mergeTarget = z.strictObject({ configMap: z.string(), namespace: z.string(), key: z.string() })

const applyPart = z.strictObject({
  kustomize: z.string().regex(/^[a-z0-9-]+$/, 'is the name of a folder'),
  title: z.string(),
  mergeInto: mergeTarget.optional(),
  upstream: z.array(z.string()).default([]),
  whenSecret: z.string().optional(),
  unlessSecret: z.string().optional(),
  ready: z.array(readyCheck).default([]),
})
export type ApplyPart = z.infer<typeof applyPart>

const said = { title: z.string(), remedy: z.string(), severity: z.enum(['failing', 'warning']).default('failing') }
const objectKind = { kind: z.string(), apiVersion: z.string() }

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

/** manifest.yaml of a cluster service. */
export const serviceManifest = z.strictObject({
  name: entryName,
  title: z.string(),
  description: z.string(),
  version: z.string(),
  category: z.literal('infrastructure'),
  core: z.boolean(),
  onRequest: z.boolean().default(false),
  aliases: z.array(entryName).default([]),
  namespace: z.string(),
  dependsOn: z.array(entryName),
  requiresConfig: z.array(z.string()).default([]),
  config: z.record(z.string(), configField).default({}),
  secrets: z.array(kubernetesSecret).default([]),
  upstream: z.array(z.strictObject({ name: z.string(), url: z.url({ protocol: /^https$/ }) })).default([]),
  apply: z.array(applyPart),
  health: z.array(healthCheck).default([]),
  token: serviceToken.optional(),
})
export type ServiceManifest = z.infer<typeof serviceManifest>

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

/** A database of an app: the app that runs its server, and its name there, a template. */
const backupDatabase = z.strictObject({
  kind: z.enum(['postgres', 'mysql']),
  app: entryName,
  name: z.string(),
})

/** What a backup of an app holds besides its manifests, config and secrets. */
export const appBackup = z.strictObject({
  volumes: z.array(entryName).default([]),
  databases: z.array(backupDatabase).default([]),
  quiesce: z.boolean().default(false),
})
export type AppBackup = z.infer<typeof appBackup>

/** Something that is looked at when somebody asks how an app is. */
export const doctorCheck = z.discriminatedUnion('check', [
  z.strictObject({
    ...said,
    check: z.literal('http'),
    path: z.string().startsWith('/'),
    status: z.array(z.int().min(100).max(599)).min(1).default([200]),
    contains: z.string().optional(),
  }),
  z.strictObject({
    ...said,
    check: z.literal('command'),
    kind: z.enum(['Deployment', 'StatefulSet']),
    name: entryName,
    container: z.string().optional(),
    command: z.array(z.string()).min(1),
    prints: z.string().optional(),
  }),
])
export type DoctorCheckSpec = z.infer<typeof doctorCheck>

/** manifest.yaml of an app. */
export const appManifest = z.strictObject({
  name: entryName,
  title: z.string(),
  description: z.string(),
  version: z.string(),
  category: z.enum(['content', 'media', 'development', 'communication', 'database', 'ai', 'home', 'office']),
  icon: z.string().regex(/^[\w.-]+\.svg$/, 'is the name of a bundled SVG file'),
  links: z.record(z.string(), z.url()),
  dependsOn: z.array(entryName),
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
