import type { AppSecret } from '../../../server/src/domains/catalog/model.ts'
import { type Build, isTemplate } from '../build.ts'
import { type Entry, manifestFile } from '../entries.ts'
import type { Finding } from '../problem.ts'
import { isOptionalSetting, knownSettings } from '../scenarios.ts'
import { type Reference, templateReferences } from '../template-references.ts'
import type { World } from '../world.ts'
import type { Rule } from './rule.ts'

interface Located extends Reference {
  file: string
  key: string
}

/** Templates in the manifest: defaults, the address, derived secrets. */
function manifestTemplates(entry: Entry): [key: string, text: string][] {
  const defaults = Object.entries(entry.manifest.config).map(([path, field]) => [
    `config.${path}.default`,
    String(field.default ?? ''),
  ])
  if (entry.kind === 'service') return defaults as [string, string][]
  const derived = entry.manifest.secrets.flatMap((secret: AppSecret) =>
    secret.kind === 'derived' ? [[`secrets.${secret.path}.template`, secret.template]] : [],
  )
  return [...defaults, ...derived, ['url', entry.manifest.url ?? '']] as [string, string][]
}

/** Files of an entry that are rendered. */
const templatesOf = (entry: Entry): [path: string, text: string][] =>
  [...entry.source.files].filter(([path]) => isTemplate(entry, path))

/** Everything an entry's templates read, `.secrets` left out. */
export function referencesOf(entry: Entry): Located[] {
  const files = templatesOf(entry).flatMap(([path, text]) =>
    templateReferences(text).references.map((one) => ({
      ...one,
      file: `${entry.source.folder}/${path}`,
      key: `line ${one.line}`,
    })),
  )
  const file = manifestFile(entry.source)
  const manifest = manifestTemplates(entry).flatMap(([key, text]) =>
    templateReferences(text).references.map((one) => ({ ...one, file, key })),
  )
  return [...files, ...manifest].filter(({ path }) => !path.startsWith('secrets.'))
}

const isBelow = (path: string, above: string): boolean => path === above || path.startsWith(`${above}.`)

/** Config paths an entry declares, from the root of config.yaml. */
function declaredBy(entry: Entry): string[] {
  const own = Object.keys(entry.manifest.config)
  return entry.kind === 'app'
    ? own.map((path) => `apps.${entry.manifest.name}.${path}`)
    : [...entry.manifest.requiresConfig, ...own]
}

function undeclared(entry: Entry): Finding[] {
  const declared = declaredBy(entry)
  return referencesOf(entry).flatMap(({ path, optional, file, key }) => {
    if (declared.some((one) => isBelow(path, one))) return []
    // A default may build on any setting; what is rendered into a service must say what it needs.
    const mayUseSettings = entry.kind === 'app' || key.startsWith('config.')
    if (mayUseSettings && knownSettings.some((one) => isBelow(path, one))) return []
    if (optional && isOptionalSetting(path)) return []
    const remedy = isOptionalSetting(path)
      ? 'an instance may lack it: read it by index'
      : entry.kind === 'app'
        ? 'declare it below config'
        : 'declare it in requiresConfig or config'
    return [{ file, key, message: `reads ${path}, which is not declared: ${remedy}` }]
  })
}

function unused(world: World, entry: Entry): Finding[] {
  const readers = entry.kind === 'app' ? [entry] : world.entries
  const read = (entries: readonly Entry[]) =>
    entries.flatMap((one) => referencesOf(one).filter(({ key }) => !key.startsWith('config.')))
  const [all, own] = [read(readers), read([entry])]
  const file = manifestFile(entry.source)
  const isRead = (among: Located[], path: string) =>
    among.some((one) => isBelow(one.path, path) || isBelow(path, one.path))
  const prefix = entry.kind === 'app' ? `apps.${entry.manifest.name}.` : ''
  const fields = Object.keys(entry.manifest.config).filter((path) => !isRead(all, prefix + path))
  const required = entry.kind === 'app' ? [] : entry.manifest.requiresConfig
  const derived = referencesOf(entry).filter(({ key }) => key.startsWith('config.'))
  return [
    ...fields.map((path) => ({ file, key: `config.${path}`, message: 'is read by no template: use it or remove it' })),
    ...required
      .filter((path) => !isRead([...own, ...derived], path))
      .map((path) => ({ file, key: 'requiresConfig', message: `has ${path}, which no template reads: remove it` })),
  ]
}

/** Failures of one stage; a file that fails for several instances counts once. */
function firstOfEach(builds: Build[], stage: 'render' | 'build'): Finding[] {
  const found = new Map<string, Finding>()
  for (const { failure } of builds)
    if (failure?.stage === stage && !found.has(failure.file))
      found.set(failure.file, { file: failure.file, key: failure.key, message: failure.message })
  return [...found.values()]
}

/** CoreDNS fills this in itself, for each question. */
const corednsName = '{{ .Name }}'

const foreign = /^apps\.([^.]+)/

export const templateRules: Rule[] = [
  {
    name: 'renders',
    about:
      'Every template renders for small and grown instances, with nothing but its own and its dependencies’ defaults.',
    check: ({ builds }) => firstOfEach(builds, 'render'),
  },
  {
    name: 'builds',
    about: 'Every kustomize folder builds without a network; releases come from the mirror.',
    check: ({ builds }) => firstOfEach(builds, 'build'),
  },
  {
    name: 'nothing-left-over',
    about: 'No braces and no absent values remain in what was rendered.',
    check: ({ builds }) =>
      builds.flatMap(({ rendered }) =>
        [...rendered].flatMap(([file, text]) =>
          text.split('\n').flatMap((line, at) => {
            const left = /\{\{|\}\}|<no value>|<nil>/.exec(line.replaceAll(corednsName, ''))?.[0]
            return left === undefined
              ? []
              : [{ file, key: `rendered line ${at + 1}`, message: `holds ${left}: correct the template` }]
          }),
        ),
      ),
  },
  {
    name: 'reads-are-visible',
    about: 'No "with", and no "range" without variables: a bare dot hides what a template reads.',
    check: ({ entries }) =>
      entries.flatMap((entry) =>
        templatesOf(entry).flatMap(([path, text]) =>
          templateReferences(text).hidden.map((line) => ({
            file: `${entry.source.folder}/${path}`,
            key: `line ${line}`,
            message: 'changes what the dot means: give the value a name with :=',
          })),
        ),
      ),
  },
  {
    name: 'reads-are-declared',
    about: 'Every setting a template reads is declared by its manifest or is one that every instance has.',
    check: ({ entries }) => entries.flatMap(undeclared),
  },
  {
    name: 'declarations-are-read',
    about: 'Every declared setting is read by a template.',
    check: (world) => world.entries.flatMap((entry) => unused(world, entry)),
  },
  {
    name: 'reads-only-its-own-app',
    about: 'No entry reads the settings of another app: that app may not be installed.',
    check: ({ entries }) =>
      entries.flatMap((entry) =>
        referencesOf(entry).flatMap(({ path, file, key }) => {
          const app = foreign.exec(path)?.[1]
          if (app === undefined || (entry.kind === 'app' && app === entry.manifest.name)) return []
          return [{ file, key, message: `reads ${path} of the app ${app}: give it a setting of its own` }]
        }),
      ),
  },
]
