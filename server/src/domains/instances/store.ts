import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import {
  exists,
  makeDirectory,
  readFileIfThere,
  syncFolder,
  temporaryName,
  writeFileAtomic,
} from '../../platform/atomic-file.ts'
import { WildError } from '../../platform/errors.ts'
import { instanceName } from '../../platform/names.ts'
import type { Paths } from '../../platform/paths.ts'
import type { YamlFile } from '../../platform/yaml-file.ts'
import { trashEntryName } from './trash/model.ts'

export interface InstanceNote {
  name: string
  description: string
  createdAt: string
}

/** A file of a new instance, relative to its folder; one that holds keys gets mode 0600. */
export interface ScaffoldFile {
  path: string
  text: string
  secret: boolean
}

/** Instance folders, and which one is the current context (central.yaml). */
export interface InstanceStore {
  names(): Promise<string[]>
  has(name: string): Promise<boolean>
  note(name: string): Promise<InstanceNote>
  /**
   * Makes the scaffold with these files (they win over the scaffold's own) in a temporary folder and renames it: an
   * instance is there whole or not at all. Throws ALREADY_EXISTS.
   */
  create(note: InstanceNote, files: ScaffoldFile[]): Promise<void>
  /** Makes the folder of instances. */
  prepare(): Promise<void>
  /** Renames a finished folder to that of an instance. Throws ALREADY_EXISTS when something is there. */
  place(folder: string, name: string): Promise<void>
  /** Moves an instance to the trash, `at` in milliseconds since the epoch; returns where. */
  discard(name: string, at: number): Promise<string>
  /** Days that deleted instances are kept: `trash.keepDays` of central.yaml, default 30. Throws CONFIG_INVALID. */
  keepDays(): Promise<number>
  /** Seconds between two looks at a cluster: `health.everySeconds` of central.yaml. Throws CONFIG_INVALID. */
  healthSeconds(): Promise<number | undefined>
  context(): Promise<string | undefined>
  setContext(name: string | undefined): Promise<void>
}

const ignored = [
  '.wildcloud',
  'secrets.yaml',
  'backup/',
  '.working',
  'setup/cluster-nodes/generated/',
  'setup/cluster-nodes/final/',
  '.kube/',
  '.talos/',
]

function readme(note: InstanceNote): string {
  return `# ${note.name}

${note.description ? `${note.description}\n\n` : ''}Files of one Wild Central instance. \`config.yaml\` and \`apps/\` may be edited by hand and kept in git;
\`secrets.yaml\`, \`.kube/\`, \`.talos/\` and \`setup/cluster-nodes/{generated,final}/\` hold keys and stay private.
`
}

function scaffold(note: InstanceNote): ScaffoldFile[] {
  return [
    { path: 'secrets.yaml', text: '# Secrets: private, never committed.\n{}\n', secret: true },
    { path: '.gitignore', text: `${ignored.join('\n')}\n`, secret: false },
    { path: 'README.md', text: readme(note), secret: false },
    { path: '.wildcloud/instance.json', text: `${JSON.stringify(note, null, 2)}\n`, secret: false },
  ]
}

/** The refusal of a name that is taken. `next` says what to do instead. */
export function alreadyThere(name: string, next = ''): WildError {
  return new WildError('ALREADY_EXISTS', `There is already an instance named "${name}".${next && ` ${next}`}`, {
    name,
    field: 'name',
    hint: `wild-cli instance show ${name}`,
  })
}

/** The first config.yaml of an instance. */
export function configFile(name: string, config: Record<string, unknown>): ScaffoldFile {
  const head = `# Settings of ${name}. Edit by hand or with: wild-cli config set KEY VALUE\n`
  return { path: 'config.yaml', text: head + stringify(config, { lineWidth: 0 }), secret: false }
}

/** A store over the data directory; `central` is central.yaml, which others write too. */
export function createInstanceStore(paths: Paths, central: YamlFile): InstanceStore {
  async function names(): Promise<string[]> {
    const entries = await readdir(paths.instances, { withFileTypes: true }).catch(() => [])
    const found = entries
      .filter((entry) => entry.isDirectory() && instanceName.safeParse(entry.name).success)
      .map((entry) => entry.name)
    const real = await Promise.all(found.map((name) => exists(paths.instance(name).state)))
    return found.filter((_name, index) => real[index]).sort()
  }

  const prepare = () => makeDirectory(paths.instances, { secret: true })

  async function place(folder: string, name: string): Promise<void> {
    try {
      await rename(folder, paths.instance(name).root)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      throw code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR' ? alreadyThere(name) : error
    }
    await syncFolder(paths.instances)
  }

  return {
    names,
    has: (name) => exists(paths.instance(name).state),
    async note(name) {
      const text = await readFileIfThere(join(paths.instance(name).state, 'instance.json')).catch(() => undefined)
      const fallback = { name, description: '', createdAt: new Date(0).toISOString() }
      try {
        return text ? { ...fallback, ...JSON.parse(text), name } : fallback
      } catch {
        return fallback
      }
    },
    async create(note, files) {
      await prepare()
      const temporary = temporaryName(paths.instance(note.name).root)
      try {
        for (const folder of [
          '',
          'apps',
          'setup/cluster-nodes',
          'setup/cluster-services',
          '.wildcloud',
          '.kube',
          '.talos',
        ])
          await makeDirectory(join(temporary, folder), { secret: true })
        for (const { path, text, secret } of [...scaffold(note), ...files])
          await writeFileAtomic(join(temporary, path), text, { mode: secret ? 0o600 : 0o644 })
        await place(temporary, note.name)
      } catch (error) {
        await rm(temporary, { recursive: true, force: true })
        throw error
      }
    },
    prepare,
    place,
    async discard(name, at) {
      await mkdir(paths.trash, { recursive: true, mode: 0o700 })
      const target = join(paths.trash, trashEntryName(name, at))
      await rename(paths.instance(name).root, target)
      return target
    },
    async keepDays() {
      const { tree } = await central.read()
      const { keepDays } = (tree.trash ?? {}) as { keepDays?: unknown }
      if (keepDays === undefined || keepDays === null) return 30
      if (typeof keepDays === 'number' && Number.isInteger(keepDays) && keepDays >= 1 && keepDays <= 36_500)
        return keepDays
      throw new WildError('CONFIG_INVALID', 'central.yaml: trash.keepDays must be a whole number of days, 1 or more.', {
        file: 'central.yaml',
      })
    },
    async healthSeconds() {
      const { tree } = await central.read()
      const { everySeconds } = (tree.health ?? {}) as { everySeconds?: unknown }
      if (everySeconds === undefined || everySeconds === null) return undefined
      if (
        typeof everySeconds === 'number' &&
        Number.isInteger(everySeconds) &&
        everySeconds >= 1 &&
        everySeconds <= 3600
      )
        return everySeconds
      throw new WildError('CONFIG_INVALID', 'central.yaml: health.everySeconds must be a whole number, 1 to 3600.', {
        file: 'central.yaml',
      })
    },
    async context() {
      const { tree } = await central.read()
      return typeof tree.context === 'string' ? tree.context : undefined
    },
    async setContext(name) {
      await central.change([{ path: ['context'], value: name }])
    },
  }
}
