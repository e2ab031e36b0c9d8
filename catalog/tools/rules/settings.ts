import { clusterSecretsOf } from '../../../server/src/domains/catalog/model.ts'
import { typed } from '../../../server/src/domains/catalog/values.ts'
import { configFor, valueAt } from '../build.ts'
import { type Entry, manifestFile } from '../entries.ts'
import type { Finding } from '../problem.ts'
import { scenarios } from '../scenarios.ts'
import type { World } from '../world.ts'
import type { Rule } from './rule.ts'

const dnsLabel = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
const configPath = /^[A-Za-z]\w*(\.[A-Za-z][\w-]*)*$/
const secretKey = /^[-._a-zA-Z0-9]+$/

type Named = [key: string, value: string]

const perEntry = (world: World, look: (entry: Entry) => [key: string, message: string][]): Finding[] =>
  world.entries.flatMap((entry) =>
    look(entry).map(([key, message]) => ({ file: manifestFile(entry.source), key, message })),
  )

/** Names of Kubernetes objects in a manifest. */
function objectNames(entry: Entry): Named[] {
  if (entry.kind === 'app')
    return entry.manifest.ready.flatMap(({ namespace }, at): Named[] =>
      namespace === undefined ? [] : [[`ready[${at}].namespace`, namespace]],
    )
  const { namespace, upstream } = entry.manifest
  return [
    ['namespace', namespace],
    ...clusterSecretsOf(entry.manifest).flatMap((one, at): Named[] => [
      [`secrets[${at}].name`, one.name],
      [`secrets[${at}].namespace`, one.namespace],
    ]),
    ...upstream.map(({ name }, at): Named => [`upstream[${at}].name`, name]),
  ]
}

/** Paths of config.yaml and secrets.yaml in a manifest. */
function pathsIn(entry: Entry): Named[] {
  const settings = Object.keys(entry.manifest.config).map((path): Named => ['config', path])
  if (entry.kind === 'app')
    return [...settings, ...entry.manifest.secrets.map(({ path }, at): Named => [`secrets[${at}].path`, path])]
  const { requiresConfig, secrets, apply } = entry.manifest
  return [
    ...settings,
    ...requiresConfig.map((path): Named => ['requiresConfig', path]),
    ...secrets.flatMap((secret, at) =>
      secret.kind === 'asked'
        ? [[`secrets[${at}].path`, secret.path] satisfies Named]
        : Object.values(secret.keys).map((path): Named => [`secrets[${at}].keys`, path]),
    ),
    ...apply.flatMap(({ whenSecret, unlessSecret }, at) =>
      [whenSecret, unlessSecret].flatMap((path): Named[] => (path === undefined ? [] : [[`apply[${at}]`, path]])),
    ),
  ]
}

const keysOf = (entry: Entry): Named[] =>
  entry.kind === 'app'
    ? []
    : clusterSecretsOf(entry.manifest).flatMap(({ keys }, at) =>
        Object.keys(keys).map((key): Named => [`secrets[${at}].keys`, key]),
      )

const misnamed = (names: Named[], pattern: RegExp, wanted: string): [string, string][] =>
  names.filter(([, value]) => !pattern.test(value)).map(([key, value]) => [key, `has "${value}": write ${wanted}`])

function links(entry: Entry): [string, string][] {
  if (entry.kind === 'service') return []
  return Object.entries(entry.manifest.links)
    .filter(([, url]) => !url.startsWith('https://'))
    .map(([name, url]) => [`links.${name}`, `is ${url}: write an address that begins with https://`])
}

function choices(entry: Entry): [string, string][] {
  return Object.entries(entry.manifest.config).flatMap(([name, { type, choices: offered }]): [string, string][] => {
    if (type === 'choice' && (offered ?? []).length === 0)
      return [[`config.${name}.choices`, 'is missing: list what one may choose']]
    return type !== 'choice' && offered ? [[`config.${name}.choices`, `is for choices, not ${type}: remove it`]] : []
  })
}

/** Defaults as the daemon writes them, judged by the type the daemon will ask for. */
function defaults(world: World, entry: Entry): [string, string][] {
  const prefix = entry.kind === 'app' ? `apps.${entry.manifest.name}.` : ''
  return scenarios.flatMap((scenario) => {
    const config = configOrNothing(world, entry, scenario)
    return Object.entries(entry.manifest.config).flatMap(([name, field]): [string, string][] => {
      const value = valueAt(config, prefix + name)
      if (field.default === undefined || value === undefined) return []
      try {
        typed(name, field, value)
        return []
      } catch (error) {
        return [[`config.${name}.default`, `does not fit the type: ${(error as Error).message.replace(/\.$/, '')}`]]
      }
    })
  })
}

/** Settings of a scenario; none when a default cannot be rendered, which another rule reports. */
function configOrNothing(world: World, entry: Entry, scenario: (typeof scenarios)[number]): unknown {
  try {
    return configFor(world.entries, entry, scenario)
  } catch {
    return undefined
  }
}

export const settingRules: Rule[] = [
  {
    name: 'names-are-valid',
    about: 'Names in a manifest are ones that Kubernetes takes, paths look like cloud.domain, links begin with https.',
    check: (world) =>
      perEntry(world, (entry) => [
        ...misnamed(objectNames(entry), dnsLabel, 'lower-case letters, digits and "-"'),
        ...misnamed(pathsIn(entry), configPath, 'a path such as cloud.domain'),
        ...misnamed(keysOf(entry), secretKey, 'letters, digits, ".", "_" and "-"'),
        ...links(entry),
      ]),
  },
  {
    name: 'defaults-fit',
    about: 'A default is a value of its setting’s type, and choices go with the type choice.',
    check: (world) => perEntry(world, (entry) => [...choices(entry), ...defaults(world, entry)]),
  },
]
