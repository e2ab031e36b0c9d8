import type { Clock } from '../../platform/clock.ts'
import { notFound, WildError } from '../../platform/errors.ts'
import { instanceName, parse } from '../../platform/names.ts'
import type { InstancePaths, Paths } from '../../platform/paths.ts'
import type { Settings } from '../../platform/settings.ts'
import { createSignals, type Signals } from '../../platform/signals.ts'
import type { Tree } from '../../platform/yaml-file.ts'
import { parseYamlPath, valueAt } from '../../platform/yaml-path.ts'
import { checkKnown, requiredKeys } from '../config/index.ts'
import {
  type CreateInput,
  createInput,
  defaultConfig,
  type Instance,
  type InstanceFacts,
  type InstancePart,
  type InstanceStatus,
  instanceStatus,
  mergeTrees,
} from './model.ts'
import { type Phase, type PhaseFacts, phasesOf } from './phases.ts'
import { convertHome } from './poc-import/home.ts'
import { type ImportLine, type PocInput, pocInput } from './poc-import/model.ts'
import { alreadyThere, configFile, type InstanceStore, type ScaffoldFile } from './store.ts'

export interface InstanceChange {
  instance: string
  part: InstancePart
}

/** The verbs of instances and of the current context. */
export interface InstancesService {
  list(): Promise<Instance[]>
  get(name: string): Promise<Instance>
  create(input: CreateInput): Promise<Instance>
  /** Throws what `create` would, and makes nothing. */
  refuseCreate(input: CreateInput): Promise<void>
  /** Throws what `delete` would, and deletes nothing. */
  refuseDelete(name: string, force: boolean): Promise<void>
  /**
   * Makes an instance of the folder of an old one, or only tells what would be made of it. Nothing of the old folder is
   * touched. Throws ALREADY_EXISTS, or INVALID_INPUT naming the file that makes no sense.
   */
  importHome(input: PocInput, options: { dryRun: boolean }): Promise<{ instance?: string; report: ImportLine[] }>
  /** Moves it to the trash. Throws OPERATION_IN_PROGRESS, or CONFLICT while its cluster is alive unless `force`. */
  delete(name: string, force: boolean): Promise<string>
  /** Takes in an instance whose folder was just put in place (imported, restored). It becomes the context when there is none. */
  appeared(name: string): Promise<Instance>
  /** Throws NOT_FOUND. */
  require(name: string): Promise<void>
  paths(name: string): InstancePaths
  readonly facts: InstanceFacts
  status(name: string): Promise<InstanceStatus>
  /** Required keys that are not set yet. */
  missing(name: string): Promise<string[]>
  /** How far it is, with what is missing for each phase. Throws NOT_FOUND. */
  phases(name: string): Promise<Phase[]>
  context(): Promise<string | undefined>
  use(name: string): Promise<void>
  /** Tells subscribers that a part of an instance changed. */
  changed(instance: string, part: InstancePart): void
  readonly changes: Signals<InstanceChange>
}

export interface InstancesDeps {
  store: InstanceStore
  paths: Paths
  settings: Settings
  clock: Clock
  /** Running operations that hold something of the instance. */
  holders(path: string): string[]
  tree(instance: string): Promise<Tree>
  facts: InstanceFacts
  /** What other domains know that the phases are made of. */
  phaseFacts(instance: string): Promise<Omit<PhaseFacts, 'missing'>>
  /** Names of the apps in the catalog. */
  catalogApps(): Promise<string[]>
  /** Called when an instance is gone, so that others drop what they remember. */
  forget(instance: string): void
  /** Tells the masker the secrets of an instance that came from elsewhere. */
  hideSecrets(instance: string): Promise<void>
}

/** Instances on their folders. */
export function createInstancesService(deps: InstancesDeps): InstancesService {
  const { store, paths, settings } = deps
  const changes = createSignals<InstanceChange>()

  async function require(name: string): Promise<void> {
    parse(instanceName, name, 'instance')
    if (!(await store.has(name))) throw notFound('instance', name, 'wild-cli instance list')
  }

  async function get(name: string): Promise<Instance> {
    await require(name)
    return { ...(await store.note(name)), configPath: paths.instance(name).config }
  }

  async function missing(name: string): Promise<string[]> {
    const tree = await deps.tree(name)
    return requiredKeys.filter((key) => [undefined, null, ''].includes(valueAt(tree, parseYamlPath(key)) as never))
  }

  return {
    require,
    get,
    missing,
    changes,
    paths: (name) => paths.instance(name),
    get facts() {
      return deps.facts
    },
    async phases(name) {
      await require(name)
      return phasesOf({ ...(await deps.phaseFacts(name)), missing: await missing(name) })
    },
    changed: (instance, part) => changes.emit({ instance, part }),
    list: async () => Promise.all((await store.names()).map(get)),
    refuseDelete,
    async refuseCreate(raw) {
      await acceptable(raw)
    },
    async create(raw) {
      const input = await acceptable(raw)
      const config = mergeTrees(defaultConfig(input.name, settings.lan, settings.gateway), input.config) as Tree
      return make(input.name, input.description, [configFile(input.name, config)])
    },
    async importHome(raw, { dryRun }) {
      const input = parse(pocInput, raw)
      await refuseTaken(input.name)
      const defaults = defaultConfig(input.name, settings.lan, settings.gateway)
      const { files, report } = convertHome(input.files, { defaults, apps: await deps.catalogApps() })
      if (!dryRun) await make(input.name, input.description, files)
      return { instance: dryRun ? undefined : input.name, report }
    },
    appeared,
    async delete(name, force) {
      await refuseDelete(name, force)
      const place = await store.discard(name, deps.clock.now())
      deps.forget(name)
      if ((await store.context()) === name) await store.setContext(undefined)
      changes.emit({ instance: name, part: 'deleted' })
      return place
    },
    status: (name) => instanceStatus(name, deps.facts, (of) => missing(of).catch(() => requiredKeys)),
    context: currentContext,
    async use(name) {
      await require(name)
      await store.setContext(name)
    },
  }

  async function acceptable(raw: CreateInput) {
    const input = parse(createInput, raw)
    await refuseTaken(input.name)
    checkKnown([], input.config)
    return input
  }

  async function refuseDelete(name: string, force: boolean): Promise<void> {
    await require(name)
    const [holder] = deps.holders(`instances/${name}`)
    if (holder)
      throw new WildError(
        'OPERATION_IN_PROGRESS',
        `An operation is still running on ${name}: ${holder}. Wait for it or cancel it first.`,
        { operation_id: holder },
      )
    const cluster = await deps.facts.cluster(name)
    if (!force && (cluster === 'ready' || cluster === 'degraded' || cluster === 'bootstrapping'))
      throw new WildError(
        'CONFLICT',
        `The cluster of ${name} is alive (${cluster}). Deleting the instance would leave it without its keys; use force if that is what you want.`,
        { cluster, hint: `wild-cli instance delete ${name} --force` },
      )
  }

  async function refuseTaken(name: string): Promise<void> {
    if (await store.has(name)) throw alreadyThere(name)
  }

  async function make(name: string, description: string, files: ScaffoldFile[]): Promise<Instance> {
    await store.create({ name, description, createdAt: new Date().toISOString() }, files)
    return appeared(name)
  }

  async function appeared(name: string): Promise<Instance> {
    deps.forget(name)
    await deps.hideSecrets(name)
    if (!(await currentContext())) await store.setContext(name)
    changes.emit({ instance: name, part: 'config' })
    return get(name)
  }

  /** The context, unless its instance has gone away. */
  async function currentContext(): Promise<string | undefined> {
    const name = await store.context()
    return name && (await store.has(name)) ? name : undefined
  }
}
