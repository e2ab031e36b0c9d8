import { isMap, isScalar, parseDocument, parse as parseYamlText } from 'yaml'
import { appName, ipv4 } from '../../../platform/names.ts'
import { changedYaml, parseYaml, type Tree } from '../../../platform/yaml-file.ts'
import { formatYamlPath, type PathSegment, valueAt } from '../../../platform/yaml-path.ts'
import { problemsOf } from '../../config/index.ts'
import type { HomeFile, ImportLine, InstanceFile } from './model.ts'
import { convertNodes } from './nodes.ts'

/** What surrounds the instance to be. */
export interface Surroundings {
  /** Settings a new instance gets; used for keys the old home does not have. */
  defaults: Record<string, unknown>
  /** Apps of the catalog. */
  apps: string[]
}

/** An instance made of an old home, before anything is written. */
export interface ConvertedHome {
  files: InstanceFile[]
  report: ImportLine[]
}

const generated = 'setup/cluster-nodes/generated'
const baseFiles = ['secrets.yaml', 'controlplane.yaml', 'worker.yaml', 'talosconfig']

/** Why parts of an old home have no place in an instance; the first that fits counts. */
const leftBehind: [RegExp, string][] = [
  [/^\.git(\/|$)/, 'Its history stays with the old folder.'],
  [/^\.wildcloud(\/|$)/, 'Caches and downloads; they are made anew.'],
  [/^docs(\/|$)/, 'A copy of the old documentation.'],
  [/^backups?(\/|$)/, 'Old backups stay where they are.'],
  [/^(env\.sh|\.envrc)$/, 'Wild Central needs no environment: the CLI knows instance and daemon.'],
  [
    /^setup\/cluster-services(\/|$)/,
    'The services of the catalog are used instead; their settings in config.yaml count.',
  ],
  [/^setup\/dnsmasq(\/|$)/, 'Wild Central makes the configuration of dnsmasq itself.'],
  [/^setup\/cluster-nodes\/patch\.templates(\/|$)/, 'The templates of the catalog are used instead.'],
  [/^(setup|apps)\/README\.md$/, 'A text of the old scripts.'],
  [/\.sh$/, 'A script of the old set-up.'],
]

/**
 * Turns the folder of an instance of the old scripts, July or October layout (facts/poc-behaviour.md 9 and 16), into the
 * files of an instance, and tells what was taken, changed and left. Values are kept; only keys that are called or kept
 * differently now are changed. Pure. Throws INVALID_INPUT naming the file, line and column of a config.yaml or
 * secrets.yaml that is not YAML.
 */
export function convertHome(given: HomeFile[], around: Surroundings): ConvertedHome {
  const home = new Map(given.map(({ path, text }) => [path, text ?? undefined]))
  const report: ImportLine[] = []
  const files: InstanceFile[] = []
  const used = new Set<string>()
  const say = (verdict: ImportLine['verdict'], path: string, message: string) =>
    void report.push({ verdict, path, message })
  const take = (from: string, to: string, secret: boolean, message: string) => {
    const text = home.get(from)
    if (text === undefined) return false
    used.add(from)
    files.push({ path: to, text, secret })
    say(from === to ? 'taken' : 'changed', from, from === to ? message : `It is ${to} now. ${message}`)
    return true
  }

  const config = convertConfig(home, around, say)
  used.add('config.yaml')
  files.push({ path: 'config.yaml', text: config.text, secret: false })
  if (home.has('secrets.yaml')) parseYaml(home.get('secrets.yaml') ?? '', 'secrets.yaml', 'INVALID_INPUT')
  if (!take('secrets.yaml', 'secrets.yaml', true, 'All secrets, as they were.'))
    say('problem', 'secrets.yaml', 'There is none: secrets of apps will be generated anew.')
  takeCluster()
  for (const [old, name] of config.names)
    for (const kind of ['patch', 'final'])
      take(
        `setup/cluster-nodes/${kind}/${old}.yaml`,
        `setup/cluster-nodes/${kind}/${name}.yaml`,
        true,
        kind === 'final' ? `The machine config of ${name}.` : `The patch of ${name}.`,
      )
  takeApps()
  for (const path of ['README.md', '.gitignore'])
    if (home.get(path) !== undefined) take(path, path, false, 'As it was.')
  for (const [path, text] of home) if (!used.has(path)) say('left', path, whyLeft(path, text))
  return { files, report: collapsed(report) }

  function takeCluster(): void {
    const there = baseFiles.filter((file) => home.get(`${generated}/${file}`) !== undefined)
    if (there.length && !there.includes('secrets.yaml'))
      say(
        'problem',
        `${generated}/secrets.yaml`,
        'The secrets of the cluster are missing: machines cannot be set up again or added. Put the file back from a backup.',
      )
    else if (there.length && there.length < baseFiles.length)
      say('problem', generated, 'The set is incomplete; the next node setup completes it from secrets.yaml.')
    for (const file of there) take(`${generated}/${file}`, `${generated}/${file}`, true, 'Keys of the cluster.')
    if (!take('.kube/config', '.kube/config', true, 'Access to Kubernetes.'))
      take('.kubeconfig', '.kube/config', true, 'Access to Kubernetes.')
    if (take('.talos/config', '.talos/config', true, 'Access to the machines.')) return
    const talosconfig = home.get(`${generated}/talosconfig`)
    if (talosconfig === undefined) return
    files.push({ path: '.talos/config', text: talosconfig, secret: true })
    say('changed', '.talos/config', `Made from ${generated}/talosconfig.`)
  }

  function takeApps(): void {
    const known = new Set(around.apps)
    const names = new Set([...home.keys()].flatMap((path) => /^apps\/([^/]+)\/manifest\.yaml$/.exec(path)?.[1] ?? []))
    for (const name of names) {
      if (!appName.safeParse(name).success) continue
      const under = [...home.keys()].filter((path) => path.startsWith(`apps/${name}/`) && home.get(path) !== undefined)
      for (const path of under) {
        used.add(path)
        files.push({ path, text: home.get(path)!, secret: false })
      }
      const fate = known.has(name)
        ? `Its files are kept as edited by hand, so that what runs stays as it is; wild-cli app add ${name} --force makes them anew.`
        : 'It is not in the catalog: its files are kept, but Wild Central does not manage it.'
      say(known.has(name) ? 'taken' : 'problem', `apps/${name}/`, fate)
    }
  }
}

function convertConfig(
  home: Map<string, string | undefined>,
  around: Surroundings,
  say: (verdict: ImportLine['verdict'], path: string, message: string) => void,
): { text: string; names: Map<string, string> } {
  const before = home.get('config.yaml') ?? ''
  const { tree } = parseYaml(before, 'config.yaml', 'INVALID_INPUT')
  say('taken', 'config.yaml', 'All settings, with their comments.')
  const nodes = convertNodes(tree, (path) => home.get(path))
  const changes = nodes.changes
  for (const { verdict, path, message } of nodes.report) say(verdict, path, message)
  renameOwner(tree, changes, say)
  const version = kubernetesVersion(home.get(`${generated}/controlplane.yaml`))
  if (version && valueAt(tree, ['cluster', 'kubernetesVersion']) === undefined) {
    changes.push({ path: ['cluster', 'kubernetesVersion'], value: version })
    say('changed', 'cluster.kubernetesVersion', `${version}, as in ${generated}/controlplane.yaml.`)
  }
  fillDefaults(tree, around.defaults, changes, say)
  const text = changedYaml(renameNodes(before, nodes.names), 'config.yaml', changes)
  for (const problem of problemsOf(text))
    say(
      'problem',
      problem.path ?? 'config.yaml',
      problem.line ? `${problem.message} (line ${problem.line})` : problem.message,
    )
  return { text, names: nodes.names }
}

/** July's cluster script wrote the address of the operator a second time. */
function renameOwner(
  tree: Tree,
  changes: { path: PathSegment[]; value: unknown }[],
  say: (verdict: ImportLine['verdict'], path: string, message: string) => void,
): void {
  const email = valueAt(tree, ['owner', 'email'])
  if (typeof email !== 'string') return
  const alone = Object.keys(tree.owner as Tree).length === 1
  changes.push({ path: alone ? ['owner'] : ['owner', 'email'], value: undefined })
  if (valueAt(tree, ['operator', 'email'])) {
    say('left', 'owner.email', 'operator.email says it.')
    return
  }
  changes.push({ path: ['operator', 'email'], value: email })
  say('changed', 'owner.email', 'It is operator.email now.')
}

/** Keys a new instance would have and this one lacks. Addresses are not guessed where the old home has others of their kind. */
function fillDefaults(
  tree: Tree,
  defaults: Record<string, unknown>,
  changes: { path: PathSegment[]; value: unknown }[],
  say: (verdict: ImportLine['verdict'], path: string, message: string) => void,
): void {
  const set = new Set(changes.map(({ path }) => formatYamlPath(path)))
  const schematic = valueAt(tree, ['cluster', 'nodes', 'talos', 'schematicId'])
  for (const [path, value] of leaves(defaults)) {
    const name = formatYamlPath(path)
    if (![undefined, null, ''].includes(valueAt(tree, path) as never) || set.has(name)) continue
    // A schematic of their own belongs to their own id; ours would contradict it.
    if (schematic && name.startsWith('cluster.nodes.talos.schematic.')) continue
    changes.push({ path, value })
    say('changed', name, `It was not set; the default is ${JSON.stringify(value)}.`)
  }
}

function leaves(value: unknown, at: PathSegment[] = []): [PathSegment[], unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[at, value]]
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...at, key]))
}

/** Renames the keys of node records in the text of a config.yaml where they stand, so that comments and order stay. */
export function renameNodes(text: string, names: Map<string, string>): string {
  const active = parseDocument(text, { version: '1.2', merge: true }).getIn(['cluster', 'nodes', 'active'], true)
  if (!isMap(active)) return text
  const edits = active.items.flatMap(({ key }) => {
    const name = isScalar(key) ? names.get(String(key.value)) : undefined
    return isScalar(key) && key.range && name && name !== key.value ? [{ range: key.range, name }] : []
  })
  return edits
    .reverse()
    .reduce((whole, { range, name }) => whole.slice(0, range[0]) + name + whole.slice(range[1]), text)
}

/** The version of Kubernetes a machine config installs. */
function kubernetesVersion(text: string | undefined): string | undefined {
  try {
    const image: unknown = valueAt(parseYamlText(text?.split(/^---$/m).find((part) => part.trim()) ?? ''), [
      'machine',
      'kubelet',
      'image',
    ])
    return typeof image === 'string' ? /:(v\d+\.\d+\.\d+)$/.exec(image)?.[1] : undefined
  } catch {
    return undefined
  }
}

function whyLeft(path: string, text: string | undefined): string {
  const rule = leftBehind.find(([pattern]) => pattern.test(path))
  if (rule) return rule[1]
  if (text === undefined) return 'It is too large or no text.'
  if (
    ipv4.safeParse(
      path
        .split('/')
        .at(-1)
        ?.replace(/\.yaml$/, ''),
    ).success
  )
    return 'No node of config.yaml belongs to it.'
  return 'Nothing of Wild Central reads it.'
}

/** One line for a folder of which everything was left for the same reason. */
function collapsed(report: ImportLine[]): ImportLine[] {
  const groups = new Map<string, ImportLine[]>()
  for (const line of report.filter(({ verdict }) => verdict === 'left')) {
    const parts = line.path.split('/')
    const folder = parts.length > 1 ? `${parts.slice(0, Math.min(2, parts.length - 1)).join('/')}/` : line.path
    const key = `${folder} ${line.message}`
    groups.set(key, [...(groups.get(key) ?? []), line])
  }
  const left = [...groups].map(([key, lines]) =>
    lines.length === 1
      ? lines[0]!
      : { ...lines[0]!, path: key.slice(0, key.indexOf(' ')), message: `${lines[0]!.message} (${lines.length} files)` },
  )
  return [...report.filter(({ verdict }) => verdict !== 'left'), ...left]
}
