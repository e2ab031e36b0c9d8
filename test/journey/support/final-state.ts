import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { request } from 'node:http'
import { join, relative } from 'node:path'
import Database from 'better-sqlite3'
import { parse } from 'yaml'
import { readyOf } from './readiness.ts'

interface Place {
  dataDirectory: string
}

// biome-ignore lint/suspicious/noExplicitAny: objects of any kind
type Loose = any

const sha = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12)
const homeOf = ({ dataDirectory }: Place) => join(dataDirectory, 'instances/home')

/**
 * Everything an operation leaves behind, in a form in which two runs on two networks with their own random secrets are
 * equal: settings, names of secrets, files with their modes, machines, disk writes, and objects by the hash of what was
 * applied, with their readiness.
 */
export async function finalState(place: Place): Promise<Record<string, unknown>> {
  const lab = await labState(join(place.dataDirectory, 'lab/lab.sock'))
  const prefix = lab.net.replace(/\.0\/24$/, '.')
  const settings = parse(readFileSync(join(homeOf(place), 'config.yaml'), 'utf8'))
  const secrets = parse(readFileSync(join(homeOf(place), 'secrets.yaml'), 'utf8')) ?? {}
  const state = {
    settings,
    secrets: leafPaths(secrets).sort(),
    files: filesOf(place, prefix),
    backups: backupsOf(place),
    machines: lab.machines.map(machineOf),
    diskWrites: lab.diskWrites.map(({ machine, disk, action }: Loose) => `${action} ${machine} ${disk}`).sort(),
    // Without a cluster nobody keeps objects, and while every machine is off nobody says how the nodes are.
    objects: lab.machines.some(({ cluster, up }: Loose) => cluster && up) ? objectsOf(place, prefix) : {},
  }
  return JSON.parse(JSON.stringify(state).replaceAll(prefix, '<net>.'))
}

function machineOf(machine: Loose): Loose {
  const { number, addresses, up, stage, configured, role, hostname, cluster, registered, ready, systemDisk } = machine
  const { talosVersion, schematic } = machine
  // Any control plane may hold the VIP.
  const own = addresses.filter((address: string) => !address.startsWith('fe80')).sort()[0]
  return {
    ...{ number, own, up, stage, configured, role, hostname, cluster, registered, ready, systemDisk },
    talosVersion,
    schematic,
  }
}

function labState(socketPath: string): Promise<Loose> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path: '/state' }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('end', () => resolve(JSON.parse(text)))
    })
    call.on('error', reject)
    call.end()
  })
}

function leafPaths(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path]
  return Object.entries(value).flatMap(([key, inner]) => leafPaths(inner, path ? `${path}.${key}` : key))
}

function leafValues(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leafValues) : [String(value)]
}

function* walk(folder: string): Generator<string> {
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* walk(path)
    else yield path
  }
}

/**
 * Kinds of backups of the instance with their parts, and what was left lying while they were made. How many there are is not
 * compared: an update that is repeated keeps the backup its first try made, and makes another before it changes anything.
 * One that was broken off stays with its note, so that it could go on, until retention takes it.
 */
function backupsOf({ dataDirectory }: Place): Record<string, unknown> {
  const folder = join(dataDirectory, 'backups/instances/home')
  const all = existsSync(folder) ? readdirSync(folder) : []
  const manifest = (id: string) => join(folder, id, 'manifest.json')
  const finished = all.filter((id) => existsSync(manifest(id)))
  const made = finished.map((id) => {
    const parts: { name: string }[] = JSON.parse(readFileSync(manifest(id), 'utf8')).parts
    return `${id.split('-')[0]}: ${parts.map(({ name }) => name).sort()}`
  })
  const notes = all.filter((id) => !finished.includes(id)).map((id) => `cache/backups/making/${id}.json`)
  const left = [...walk(join(dataDirectory, 'cache/backups'))].map((file) => relative(dataDirectory, file))
  return { made: [...new Set(made)].sort(), left: left.filter((file) => !notes.includes(file)) }
}

/** Their content is compared otherwise, or is random from end to end. */
const named = /^(config\.yaml|secrets\.yaml|\.kube\/config|\.talos\/config|\.wildcloud\/instance\.json)$/
const random = /^setup\/cluster-nodes\/(generated|etcd-snapshots|saved-keys)\//
/** Names that are made from the time. */
const stamp = /\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ/

/** Mode and content of every file of the instance; random values in machine configs are blanked. */
function filesOf(place: Place, prefix: string): Record<string, string> {
  const home = homeOf(place)
  const bundle = join(home, 'setup/cluster-nodes/generated/secrets.yaml')
  const hidden = existsSync(bundle)
    ? leafValues(parse(readFileSync(bundle, 'utf8'))).filter((text) => text.length > 10)
    : []
  const files: Record<string, string> = {}
  for (const file of walk(home)) {
    const path = relative(home, file)
    if (/^\.wildcloud\/(history|rendered|removed|home)\//.test(path)) continue
    const mode = (statSync(file).mode & 0o777).toString(8)
    if (named.test(path) || random.test(path)) {
      files[path.replace(stamp, '<time>')] = mode
      continue
    }
    let text = readFileSync(file, 'utf8').replaceAll(prefix, '<net>.')
    for (const secret of hidden) text = text.replaceAll(secret, '<secret>')
    files[path] = `${mode} ${sha(text)}`
  }
  return files
}

/** When each file of the instance was last written: equal before and after means that nothing was touched. */
export function writeTimes(place: Place): Record<string, number> {
  const home = homeOf(place)
  return Object.fromEntries([...walk(home)].map((file) => [relative(home, file), statSync(file).mtimeMs]))
}

const own = new Set(['Namespace', 'Node', 'Secret', 'PersistentVolumeClaim'])

/** Objects that the daemon applied, and those that people look at, from the lab's memory. */
function objectsOf(place: Place, prefix: string): Record<string, string> {
  const db = new Database(join(place.dataDirectory, 'lab/lab.db'), { readonly: true })
  try {
    const rows = db
      .prepare("SELECT key, value FROM documents WHERE collection LIKE 'kube/%' AND collection NOT LIKE 'kube/%=/%'")
      .all() as { key: string; value: string }[]
    const objects: Record<string, string> = {}
    for (const { key, value } of rows) {
      const object = JSON.parse(value) as Loose
      const hash = object.metadata?.annotations?.['wild-central.io/hash'] as string | undefined
      if (!hash && !own.has(object.kind)) continue
      objects[key] = [contentOf(object, hash, prefix), readyOf(object)].filter(Boolean).join(', ')
    }
    return objects
  } finally {
    db.close()
  }
}

/** JSON with the keys in order: the real kubectl sorts them on its way, the stand-in keeps them as they came. */
const sortedJson = (content: Loose): string =>
  JSON.stringify(content, (_key, value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value,
  )

/** The hash of what was applied; without one that two runs share (secret values, addresses), what can be compared. */
function contentOf(object: Loose, hash: string | undefined, prefix: string): string {
  if (object.kind === 'Secret') return `keys ${Object.keys(object.data ?? {}).sort()}`
  const { 'wild-central.io/hash': _own, ...annotations } = object.metadata.annotations ?? {}
  const text = JSON.stringify([object.spec, object.data, annotations])
  if (!hash || !text.includes(prefix)) return hash?.slice(0, 12) ?? 'there'
  // The control plane writes ids of its own into the labels of a Job and its pods; what they run is what two runs share.
  const { clusterIP, clusterIPs, ports, ...spec } =
    (object.kind === 'Job' ? object.spec.template.spec : object.spec) ?? {}
  const open = ports?.map(({ nodePort, ...port }: Loose) => port)
  return `content ${sha(sortedJson([{ ...spec, open }, object.data, annotations]).replaceAll(prefix, '<net>.'))}`
}

/** Locks that are held and operations that have not ended, straight from the daemon's database. */
export function leftOver(place: Place): { locks: unknown[]; running: unknown[] } {
  const db = new Database(join(place.dataDirectory, 'wild-central.db'), { readonly: true })
  try {
    return {
      locks: db.prepare('SELECT * FROM locks').all(),
      running: db.prepare("SELECT id FROM operations WHERE status IN ('pending', 'running')").all(),
    }
  } finally {
    db.close()
  }
}
