import { parse } from 'yaml'
import { ipv4, nodeName } from '../../../platform/names.ts'
import type { Tree } from '../../../platform/yaml-file.ts'
import { formatYamlPath, type PathSegment, valueAt } from '../../../platform/yaml-path.ts'
import type { ImportLine } from './model.ts'

const root = ['cluster', 'nodes', 'active']

/** Node records of an old home, brought to names and to the keys of today. */
export interface NodeConversion {
  /** Old key → name, for every node. */
  names: Map<string, string>
  /** Changes below the new names. */
  changes: { path: PathSegment[]; value: unknown }[]
  report: ImportLine[]
}

/**
 * July kept nodes by their address with `control: "true"`, October by name with `role` (facts/poc-behaviour.md 7, 16).
 * `fileOf` gives a file of the home: the final machine config says that a node was set up, it or the patch which
 * address it got.
 */
export function convertNodes(tree: Tree, fileOf: (path: string) => string | undefined): NodeConversion {
  const active = valueAt(tree, root)
  const result: NodeConversion = { names: new Map(), changes: [], report: [] }
  if (!isTree(active)) return result
  const prefix = String(valueAt(tree, ['cluster', 'hostnamePrefix']) ?? '')
  const taken = new Set(Object.keys(active).filter(isName))
  for (const [id, value] of Object.entries(active)) {
    if (!isTree(value)) {
      const message = 'It is no section with role, disk and interface. Mend or delete it by hand.'
      result.report.push({ verdict: 'problem', path: formatYamlPath([...root, id]), message })
      continue
    }
    const old = value
    const role = roleOf(id, old)
    const name = isName(id) ? id : freeName(prefix, role, taken)
    taken.add(name)
    result.names.set(id, name)
    const { fields, said } = fieldsOf(id, old, role, fileOf)
    for (const [key, field] of Object.entries(fields))
      if (field !== old[key] && !(field === undefined && !Object.hasOwn(old, key)))
        result.changes.push({ path: [...root, name, key], value: field })
    const path = `${root.join('.')}.${name}`
    if (name !== id)
      result.report.push({
        verdict: 'changed',
        path,
        message: `The node kept as ${id} is called ${name} now. Its machine gets this host name when it is set up again.`,
      })
    result.report.push(...said.map((message): ImportLine => ({ verdict: 'changed', path, message })))
  }
  return result
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** An address is also a string of letters and digits with dots; names have none. */
function isName(id: string): boolean {
  return nodeName.safeParse(id).success
}

type Role = 'controlplane' | 'worker'

function roleOf(id: string, old: Record<string, unknown>): Role {
  if (old.role === 'controlplane' || old.role === 'worker') return old.role
  if (old.control !== undefined) return String(old.control) === 'true' ? 'controlplane' : 'worker'
  return /control/.test(id) ? 'controlplane' : 'worker'
}

function freeName(prefix: string, role: Role, taken: Set<string>): string {
  const stem = `${prefix}${role === 'controlplane' ? 'control' : 'worker'}`
  for (let number = 1; ; number++) if (!taken.has(`${stem}-${number}`)) return `${stem}-${number}`
}

function fieldsOf(
  id: string,
  old: Record<string, unknown>,
  role: Role,
  fileOf: (path: string) => string | undefined,
): { fields: Record<string, unknown>; said: string[] } {
  const said: string[] = []
  const final = fileOf(`setup/cluster-nodes/final/${id}.yaml`)
  const patch = fileOf(`setup/cluster-nodes/patch/${id}.yaml`)
  const setUp = old.applied === true || (old.applied === undefined && final !== undefined)
  const address = (value: unknown) => (ipv4.safeParse(value).success ? String(value) : undefined)
  const targetIp = address(old.targetIp) ?? address(id) ?? configuredAddress(final) ?? configuredAddress(patch)
  const before = address(old.currentIp) ?? address(old.maintenanceIp)
  if (old.role !== role) said.push(`Its role is ${role}.`)
  if (targetIp && targetIp !== old.targetIp) said.push(`Its address is ${targetIp}.`)
  said.push(
    setUp
      ? 'It counts as set up: its final machine config is there.'
      : 'It counts as not set up yet: wild-cli node setup does that.',
  )
  return {
    said,
    fields: {
      role,
      targetIp,
      currentIp: setUp ? (targetIp ?? before) : before,
      maintenance: !setUp,
      control: undefined,
      maintenanceIp: undefined,
      configured: undefined,
      applied: undefined,
    },
  }
}

/** The address without its length that a machine config or patch gives the first interface. */
function configuredAddress(text: string | undefined): string | undefined {
  if (!text) return undefined
  try {
    // Newer Talos appends more documents; the machine's own is the first.
    const tree: unknown = parse(text.split(/^---$/m).find((part) => part.trim()) ?? '')
    const found = valueAt(tree, ['machine', 'network', 'interfaces', 0, 'addresses', 0])
    const ip = typeof found === 'string' ? found.split('/')[0] : undefined
    return ipv4.safeParse(ip).success ? ip : undefined
  } catch {
    return undefined
  }
}
