import { z } from 'zod'

const dnsLabel = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and "-" only')
const configPath = z.string().regex(/^[A-Za-z]\w*(\.[A-Za-z]\w*)*$/, 'a path such as cloud.domain')

/** Conditions a catalog entry may wait for. */
export const readyConditions = ['Available', 'Ready', 'Complete', 'Established', 'LoadBalancer', 'Exists'] as const

/** One thing that must be true of the cluster before an entry counts as ready. */
export const readyCheck = z.strictObject({
  kind: z.string(),
  apiVersion: z.string().optional(),
  name: z.string(),
  namespace: dnsLabel.optional(),
  condition: z.enum(readyConditions),
  timeoutSeconds: z.int().min(1).max(3600).default(300),
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
  name: dnsLabel,
  namespace: dnsLabel,
  keys: z.record(z.string(), configPath),
  kind: z.enum(['supplied', 'generated']),
  optional: z.boolean().default(false),
  description: z.string().optional(),
})

const applyPart = z.strictObject({
  kustomize: dnsLabel,
  title: z.string(),
  upstream: z.array(z.string()).default([]),
  whenSecret: configPath.optional(),
  unlessSecret: configPath.optional(),
  ready: z.array(readyCheck).default([]),
})
export type ApplyPart = z.infer<typeof applyPart>

/** manifest.yaml of a cluster service. */
export const serviceManifest = z.strictObject({
  name: dnsLabel,
  title: z.string(),
  description: z.string(),
  version: z.string(),
  category: z.literal('infrastructure'),
  core: z.boolean(),
  namespace: dnsLabel,
  dependsOn: z.array(dnsLabel),
  requiresConfig: z.array(configPath).default([]),
  config: z.record(configPath, configField).default({}),
  secrets: z.array(kubernetesSecret).default([]),
  upstream: z.array(z.strictObject({ name: dnsLabel, url: z.url({ protocol: /^https$/ }) })).default([]),
  apply: z.array(applyPart),
})
export type ServiceManifest = z.infer<typeof serviceManifest>

const appSecret = z.discriminatedUnion('kind', [
  z.strictObject({ path: configPath, kind: z.literal('generated') }),
  z.strictObject({
    path: configPath,
    kind: z.literal('supplied'),
    optional: z.boolean().default(false),
    description: z.string(),
  }),
  z.strictObject({ path: configPath, kind: z.literal('derived'), template: z.string() }),
])
export type AppSecret = z.infer<typeof appSecret>

/** manifest.yaml of an app. */
export const appManifest = z.strictObject({
  name: dnsLabel,
  title: z.string(),
  description: z.string(),
  version: z.string(),
  category: z.enum(['content', 'media', 'development', 'communication', 'database', 'ai', 'home', 'office']),
  icon: z.string().regex(/^[\w.-]+\.svg$/, 'a bundled SVG file'),
  links: z.record(z.string(), z.url({ protocol: /^https$/ })),
  dependsOn: z.array(dnsLabel),
  config: z.record(configPath, configField).default({}),
  secrets: z.array(appSecret).default([]),
  url: z.string().optional(),
  ready: z.array(readyCheck).min(1),
  notes: z.string().optional(),
})
export type AppManifest = z.infer<typeof appManifest>
