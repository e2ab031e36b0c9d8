import { z } from 'zod'
import { ipv4, macAddress, nodeName, talosVersion } from '../../platform/names.ts'
import { diskPath, interfaceName, nodeRoles, schematicId } from './model.ts'

/** GraphQL hands null for what was left out. */
function optional<T extends z.ZodType>(schema: T) {
  return schema.nullish().transform((value) => value ?? undefined)
}

/** A node added by hand. */
export const addNodeInput = z.strictObject({
  name: nodeName,
  role: z.enum(nodeRoles, 'This is not a role: controlplane or worker.'),
  mac: macAddress,
  targetIp: optional(ipv4),
  interface: optional(interfaceName),
  disk: optional(diskPath),
  version: optional(talosVersion),
  schematicId: optional(schematicId),
})
export type AddNodeInput = z.input<typeof addNodeInput>

/** What may change of a node; what is left out stays. */
export const editNodeInput = z.strictObject({
  name: optional(nodeName),
  role: optional(z.enum(nodeRoles, 'This is not a role: controlplane or worker.')),
  targetIp: optional(ipv4),
  interface: optional(interfaceName),
  disk: optional(diskPath),
  version: optional(talosVersion),
  schematicId: optional(schematicId),
})
export type EditNodeInput = z.input<typeof editNodeInput>

const machineRef = z.union([macAddress, ipv4], 'This is neither a MAC address nor an IPv4 address.')

/** Names to give to discovered machines. */
export const assignInput = z.strictObject({
  nodes: z
    .array(nodeName)
    .min(1, 'Name at least one node.')
    .max(100, 'At most 100 nodes at a time.')
    .refine((names) => new Set(names).size === names.length, 'A node is named twice.'),
  role: optional(z.enum(nodeRoles, 'This is not a role: controlplane or worker.')),
  machine: optional(machineRef),
  plan: optional(z.boolean()),
})
export type AssignInput = z.input<typeof assignInput>
