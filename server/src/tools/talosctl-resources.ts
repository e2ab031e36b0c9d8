import { z } from 'zod'
import { WildError } from '../platform/errors.ts'
import { parseJsonDocuments } from '../platform/json-stream.ts'

/** One resource as `talosctl get -o json` prints it. An id of digits only arrives as a number. */
const document = z.object({
  metadata: z.object({ id: z.union([z.string(), z.number()]).transform(String) }),
  spec: z.unknown(),
})

export interface Resource<T> {
  id: string
  spec: T
}

const text = z.string().catch('')
const flag = z.boolean().catch(false)

export const linkSpec = z.object({
  type: text,
  kind: text,
  hardwareAddr: text,
  permanentAddr: text,
  busPath: text,
  operationalState: text,
  linkState: flag,
  driver: text,
  speedMbit: z.number().catch(0),
})
export const addressSpec = z.object({ address: z.string(), family: text, linkName: text, scope: text })
export const routeSpec = z.object({
  family: text,
  /** The default route has the empty string here. */
  dst: text,
  gateway: text,
  outLinkName: text,
  priority: z.number().catch(0),
})
export const diskSpec = z.object({
  dev_path: text,
  size: z.number().catch(0),
  model: text,
  serial: text,
  wwid: text,
  transport: text,
  rotational: flag,
  readonly: flag,
  cdrom: flag,
})
export const systemInformationSpec = z.object({ manufacturer: text, productName: text, serialnumber: text, uuid: text })
export const machineStatusSpec = z.object({
  stage: text,
  status: z
    .object({
      ready: flag,
      unmetConditions: z
        .array(z.object({ name: text, reason: text }))
        .nullish()
        .transform((list) => list ?? []),
    })
    .catch({ ready: false, unmetConditions: [] }),
})
export const serviceSpec = z.object({ running: flag, healthy: flag, unknown: flag })
/** The configuration itself, as text. */
export const machineConfigSpec = z.string()
export const versionSpec = z.object({ version: text })
export const hostnameSpec = z.object({ hostname: text })
export const memberSpec = z.object({
  hostname: text,
  machineType: text,
  operatingSystem: text,
  addresses: z.array(z.string()).catch([]),
})
export const systemDiskSpec = z.object({ diskID: text, devPath: text })
export const extensionSpec = z.object({ metadata: z.object({ name: text, version: text }) })
export const discoveredVolumeSpec = z.object({
  dev_path: text,
  /** `disk` or `partition`. */
  type: text,
  parent_dev_path: text,
  size: z.number().catch(0),
  /** What the probe recognised: `gpt`, `vfat`, `xfs`, `luks`, `iso9660`…; empty for nothing. */
  name: text,
  label: text,
  partition_label: text,
})

export type Link = z.infer<typeof linkSpec>
export type Address = z.infer<typeof addressSpec>
export type Route = z.infer<typeof routeSpec>
export type TalosDisk = z.infer<typeof diskSpec>
export type DiscoveredVolume = z.infer<typeof discoveredVolumeSpec>
export type MachineStatus = z.infer<typeof machineStatusSpec>
export type ServiceHealth = z.infer<typeof serviceSpec>
export type Member = z.infer<typeof memberSpec>

/**
 * Reads the output of `talosctl get TYPE -o json`: any number of documents. Throws TOOL_FAILED naming the resource when
 * the shape is not the one we know.
 */
export function parseResources<T>(stdout: string, kind: string, spec: z.ZodType<T>): Resource<T>[] {
  try {
    return parseJsonDocuments(stdout).map((raw) => {
      const { metadata, spec: body } = document.parse(raw)
      return { id: metadata.id, spec: spec.parse(body) }
    })
  } catch (cause) {
    const message = `talosctl answered something unexpected for "${kind}". Check that its version fits the machine's Talos version.`
    throw new WildError('TOOL_FAILED', message, { tool: 'talosctl', resource: kind }, { cause })
  }
}

/** One line of `talosctl etcd members`. */
export interface EtcdMember {
  id: string
  hostname: string
  learner: boolean
}

/** Reads the table of `talosctl etcd members`; columns are separated by two or more spaces. Throws TOOL_FAILED. */
export function parseEtcdMembers(stdout: string): EtcdMember[] {
  const lines = stdout.split('\n').filter((line) => line.trim())
  const header = lines[0]?.trim().split(/\s{2,}/) ?? []
  const column = (name: string) => header.indexOf(name)
  if (lines.length > 0 && ['ID', 'HOSTNAME', 'LEARNER'].some((name) => column(name) < 0))
    throw new WildError('TOOL_FAILED', 'talosctl answered something unexpected for "etcd members".', {
      tool: 'talosctl',
    })
  return lines.slice(1).map((line) => {
    const cells = line.trim().split(/\s{2,}/)
    return {
      id: cells[column('ID')] ?? '',
      hostname: cells[column('HOSTNAME')] ?? '',
      learner: cells[column('LEARNER')] === 'true',
    }
  })
}

/** "v1.11.5" from the output of `talosctl version --client --short`; undefined when it says something else. */
export function parseClientVersion(stdout: string): string | undefined {
  return /\bv\d+\.\d+\.\d+[-\w.+]*/.exec(stdout)?.[0]
}
