import { parse } from 'yaml'
import { SCHEMATICS, type StoredSchematic } from '../machines/extensions.ts'
import type { LabStore } from '../store.ts'
import { bootAsset, KERNEL_ARGUMENTS } from './assets.ts'
import { OFFICIAL_EXTENSIONS } from './official-extensions.ts'
import { readSchematic, type Schematic } from './schematic.ts'

/** What the factory answers to one request. */
export interface FactoryAnswer {
  status: number
  type: string
  body: Buffer
}

const KNOWN = [
  '',
  'customization:\n    systemExtensions:\n        officialExtensions:\n            - siderolabs/iscsi-tools\n            - siderolabs/util-linux-tools\n',
]
const TALOS_VERSIONS = [
  'v1.10.7',
  'v1.10.8',
  'v1.11.0',
  'v1.11.1',
  'v1.11.2',
  'v1.11.3',
  'v1.11.4',
  'v1.11.5',
  'v1.11.6',
  'v1.12.3',
  'v1.12.4',
]
const LARGEST_SCHEMATIC = 65_536

const text = (status: number, body: string): FactoryAnswer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: Buffer.from(body),
})
const json = (status: number, body: unknown): FactoryAnswer => ({
  status,
  type: 'application/json',
  body: Buffer.from(JSON.stringify(body)),
})

/** A Talos image factory that keeps what it was given in the lab's store. Paths are below factory.talos.dev. */
export function createFactory(store: LabStore) {
  const builtIn = new Map(KNOWN.map((yaml) => readSchematic(yaml)).map((one) => [one.id, one]))
  const find = (id: string): StoredSchematic | undefined =>
    store.get<StoredSchematic>(SCHEMATICS, id) ?? builtIn.get(id)

  const post = (body: string): FactoryAnswer => {
    if (body.length > LARGEST_SCHEMATIC) return text(400, 'schematic is too large')
    let schematic: Schematic
    try {
      schematic = readSchematic(body)
    } catch (error) {
      return text(400, (error as Error).message)
    }
    store.put(SCHEMATICS, schematic.id, { yaml: schematic.yaml, extensions: schematic.extensions })
    return json(201, { id: schematic.id, schematic: schematic.yaml })
  }

  const get = (path: string): FactoryAnswer => {
    if (path === '/versions') return json(200, TALOS_VERSIONS)
    const schematic = /^\/schematics\/([0-9a-f]{64})$/.exec(path)
    if (schematic) {
      const found = find(schematic[1]!)
      return found ? { ...text(200, found.yaml), type: 'application/yaml' } : text(404, 'schematic not found')
    }
    const extensions = /^\/version\/(v\d+\.\d+\.\d+)\/extensions\/official$/.exec(path)
    if (extensions)
      return TALOS_VERSIONS.includes(extensions[1]!) ? json(200, OFFICIAL_EXTENSIONS) : text(404, 'version not found')
    const asset = /^\/(image|pxe)\/([0-9a-f]{64})\/(v\d+\.\d+\.\d+[\w.-]*)\/([\w.-]+)$/.exec(path)
    if (!asset) return text(404, 'not found')
    const [, kind, id, version, name] = asset as unknown as [string, string, string, string, string]
    const schematicOf = find(id)
    if (!schematicOf) return text(404, 'schematic not found')
    const unknown = schematicOf.extensions.find((name) => !OFFICIAL_EXTENSIONS.some((one) => one.name === name))
    if (unknown) return text(400, `official extension "${unknown}" is not available for Talos version ${version}`)
    if (kind === 'pxe') return name === 'metal-amd64' ? text(200, pxeScript(id, version)) : text(404, 'not found')
    const body = name.startsWith('cmdline-') ? commandLine(name, schematicOf.yaml) : bootAsset(id, version, name)
    return body ? { status: 200, type: 'application/octet-stream', body } : text(404, 'not found')
  }

  return {
    /** Answers one request. `body` is only read for POST. */
    answer: (method: string, path: string, body: string): FactoryAnswer => {
      if (method === 'POST') return path === '/schematics' ? post(body) : text(404, 'not found')
      return get(path)
    },
  }
}

/** The usual arguments of the kernel, and those of the schematic. */
function commandLine(name: string, yaml: string): Buffer | undefined {
  const usual = bootAsset('', '', name)
  const tree = parse(yaml) as { customization?: { extraKernelArgs?: string[] } }
  const more = tree.customization?.extraKernelArgs ?? []
  return usual && Buffer.from([usual.toString(), ...more].join(' '))
}

function pxeScript(id: string, version: string): string {
  const base = `https://pxe.factory.talos.dev/image/${id}/${version}`
  return `#!ipxe\nimgfree\nkernel ${base}/kernel-amd64 ${KERNEL_ARGUMENTS}\ninitrd ${base}/initramfs-amd64.xz\nboot\n`
}
