import { ipv4 } from '../../../platform/names.ts'
import { type Change, changedYaml, parseYaml, type Tree } from '../../../platform/yaml-file.ts'
import { parseYamlPath, valueAt } from '../../../platform/yaml-path.ts'
import { type HomeFile, type ImportLine, renameNodes } from '../../instances/index.ts'
import { clusterSettings, type FoundNode, nodeSettings } from './config.ts'
import type { FoundCluster } from './read-cluster.ts'

const nodesFolder = 'setup/cluster-nodes'
const root = ['cluster', 'nodes', 'active']

/** Where a home keeps access to its cluster, the likelier place first. */
const places = {
  kubeconfig: ['.kube/config', '.kubeconfig'],
  talosconfig: ['.talos/config', `${nodesFolder}/generated/talosconfig`],
  secrets: [`${nodesFolder}/generated/secrets.yaml`],
}

/** The text of a file that a home has at one of its places. */
export function accessIn(files: HomeFile[], what: keyof typeof places): string | undefined {
  const found = places[what].map((path) => files.find((file) => file.path === path)?.text)
  return found.find((text) => text) ?? undefined
}

/** The files that lead into a cluster, as the instance shall have them. */
export interface OwnFiles {
  kubeconfig: string
  talosconfig: string
  secrets?: string
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The old record of a node that no other one has: by its name, else by its address. */
function recordOf({ node }: FoundNode, old: Tree, used: Map<string, string>): string | undefined {
  const free = Object.keys(old).filter((key) => !used.has(key) && isTree(old[key]))
  const addresses = (key: string) => {
    const { targetIp, currentIp } = old[key] as Tree
    return [key, targetIp, currentIp].filter((one) => ipv4.safeParse(one).success)
  }
  return free.find((key) => key === node.name) ?? free.find((key) => addresses(key).includes(node.ip))
}

interface Settled {
  changes: Change[]
  report: ImportLine[]
}

/** Settings that the cluster contradicts, or that the home never had. */
function settle(tree: Tree, settings: Record<string, string>): Settled {
  const all = Object.entries(settings).map(([path, value]) => ({
    path,
    value,
    was: valueAt(tree, parseYamlPath(path)),
  }))
  const differing = all.filter(({ value, was }) => value !== was)
  return {
    changes: differing.map(({ path, value }) => ({ path: parseYamlPath(path), value })),
    report: differing
      .filter(({ was }) => was !== undefined)
      .map(({ path, value, was }) => ({
        verdict: 'changed',
        path,
        message: `The cluster has ${value}; the file said ${String(was)}.`,
      })),
  }
}

/** Records of nodes as the cluster has them. `names`: the old key of each node that had one → its name. */
function settleNodes(old: Tree, nodes: FoundNode[], names: Map<string, string>, schematicId?: string): Settled {
  const changes: Change[] = []
  const report: ImportLine[] = []
  const keys = new Map([...names].map(([key, name]) => [name, key]))
  for (const found of nodes) {
    const { name } = found.node
    const key = keys.get(name)
    const was = key === undefined ? {} : (old[key] as Tree)
    for (const [field, value] of Object.entries(nodeSettings(found, schematicId)))
      if (value !== was[field]) changes.push({ path: [...root, name, field], value })
    if (key === name) continue
    const message =
      key === undefined
        ? 'The cluster has this node, and the home did not know it.'
        : `The node kept as ${key}, under the name the cluster has for it.`
    report.push({ verdict: 'changed', path: [...root, name].join('.'), message })
  }
  for (const key of Object.keys(old).filter((each) => !names.has(each) && isTree(old[each]))) {
    changes.push({ path: [...root, key, 'applied'], value: false })
    const message = 'The cluster has no such node: it counts as not set up. Delete it where it never will be.'
    report.push({ verdict: 'problem', path: [...root, key].join('.'), message })
  }
  return { changes, report }
}

/** The files of the home under the names of today: patches move along, configurations are those that run. */
function nodeFiles(given: HomeFile[], nodes: FoundNode[], names: Map<string, string>): [string, string | undefined][] {
  const textOf = (kind: string, key: string) =>
    given.find(({ path }) => path === `${nodesFolder}/${kind}/${key}.yaml`)?.text ?? undefined
  const gone = [...names.keys()].flatMap((key) =>
    ['patch', 'final'].map((kind) => `${nodesFolder}/${kind}/${key}.yaml`),
  )
  const moved = [...names].flatMap(([key, name]) =>
    ['patch', 'final'].map((kind) => [`${nodesFolder}/${kind}/${name}.yaml`, textOf(kind, key)] as const),
  )
  const running = nodes.map(({ node, config }) => [`${nodesFolder}/final/${node.name}.yaml`, config] as const)
  return [
    ...gone.map((path): [string, undefined] => [path, undefined]),
    ...[...moved, ...running].filter(([, text]) => text).map(([path, text]): [string, string] => [path, text!]),
  ]
}

/**
 * The files of an old home, brought to what its cluster is now: nodes under the names and with the hardware they have,
 * the machine configurations they run, and settings that the cluster contradicts. Pure. Throws INVALID_INPUT naming file,
 * line and column of a config.yaml that is not YAML.
 */
export function homeOfCluster(
  given: HomeFile[],
  { host, nodes }: FoundCluster,
  own: OwnFiles,
): { files: HomeFile[]; report: ImportLine[] } {
  const before = given.find(({ path }) => path === 'config.yaml')?.text ?? ''
  const { tree } = parseYaml(before, 'config.yaml', 'INVALID_INPUT')
  const active = valueAt(tree, root)
  const old = isTree(active) ? active : {}
  const names = new Map<string, string>()
  for (const found of nodes) {
    const key = recordOf(found, old, names)
    if (key !== undefined) names.set(key, found.node.name)
  }
  const settings = clusterSettings(host, nodes)
  const general = settle(tree, settings)
  const ofNodes = settleNodes(old, nodes, names, settings['cluster.nodes.talos.schematicId'])
  const changes = [...general.changes, ...ofNodes.changes]
  const replaced = new Map<string, string | undefined>([
    ['config.yaml', changedYaml(renameNodes(before, names), 'config.yaml', changes)],
    ['.kubeconfig', undefined],
    ['.kube/config', own.kubeconfig],
    ['.talos/config', own.talosconfig],
    ...(own.secrets ? [[`${nodesFolder}/generated/secrets.yaml`, own.secrets] as const] : []),
    ...nodeFiles(given, nodes, names),
  ])
  const kept = given.filter(({ path }) => !replaced.has(path))
  const made = [...replaced].flatMap(([path, text]) => (text ? [{ path, text }] : []))
  return { files: [...kept, ...made], report: [...general.report, ...ofNodes.report] }
}
