import { z } from 'zod'
import { instanceName, talosVersion } from '../../platform/names.ts'

export const architectures = ['amd64', 'arm64'] as const
export type Architecture = (typeof architectures)[number]

/** What a machine boots from; `loader` is iPXE, the others belong to one version and schematic. */
export const assetKinds = ['kernel', 'initramfs', 'cmdline', 'iso', 'loader'] as const
export type AssetKind = (typeof assetKinds)[number]

export const schematicId = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'A schematic id is 64 hexadecimal digits (see wild-cli talos schematic show).')

/** One image: version, schematic and architecture. */
export interface Image {
  version: string
  schematicId: string
  architecture: Architecture
}

/** A file as it is downloaded. `version` and `schematicId` are absent for loaders. */
export interface AssetRef {
  kind: AssetKind
  architecture: Architecture
  /** What it is called here. */
  file: string
  url: string
  version?: string
  schematicId?: string
}

/** What a file is called where it is saved elsewhere: among other files its version tells what it is. */
export function savedName({ version, file }: Pick<AssetRef, 'version' | 'file'>): string {
  return version ? `talos-${version}-${file}` : file
}

/** A file that is here. */
export interface Asset extends AssetRef {
  id: string
  path: string
  /** Bytes. */
  size: number
  sha256: string
  /** ISO 8601: when it came. */
  at: string
  /** Instances whose version and schematic it is of. */
  usedBy: string[]
}

const factory = 'https://factory.talos.dev'
const loaders = 'https://boot.ipxe.org'

/** iPXE by architecture (facts/poc-behaviour.md 2.4): `undionly.kpxe` for BIOS, the others for UEFI. */
const loaderFiles: Record<Architecture, { file: string; url: string }[]> = {
  amd64: [
    { file: 'undionly.kpxe', url: `${loaders}/undionly.kpxe` },
    { file: 'ipxe.efi', url: `${loaders}/ipxe.efi` },
  ],
  arm64: [{ file: 'ipxe-arm64.efi', url: `${loaders}/arm64-efi/ipxe.efi` }],
}

const imageFiles: Record<Exclude<AssetKind, 'loader'>, (architecture: Architecture) => string> = {
  kernel: (architecture) => `kernel-${architecture}`,
  initramfs: (architecture) => `initramfs-${architecture}.xz`,
  cmdline: (architecture) => `cmdline-metal-${architecture}`,
  iso: (architecture) => `metal-${architecture}.iso`,
}

/** The files of an image, or of its architecture's loaders. */
export function assetsOf(image: Image, kinds: readonly AssetKind[]): AssetRef[] {
  const { version, schematicId: id, architecture } = image
  return assetKinds
    .filter((kind) => kinds.includes(kind))
    .flatMap((kind): AssetRef[] => {
      if (kind === 'loader') return loaderFiles[architecture].map((one) => ({ kind, architecture, ...one }))
      const file = imageFiles[kind](architecture)
      return [{ kind, ...image, file, url: `${factory}/image/${id}/${version}/${file}` }]
    })
}

/** What a URL is the download of; undefined when it is nothing of ours. */
export function assetAt(url: string): AssetRef | undefined {
  const match = /\/image\/([0-9a-f]{64})\/(v[^/]+)\/[^/]*$/.exec(url)
  for (const architecture of architectures) {
    const image = { version: match?.[2] ?? '', schematicId: match?.[1] ?? '', architecture }
    const found = assetsOf(image, match ? assetKinds.filter((kind) => kind !== 'loader') : ['loader'])
    const asset = found.find((one) => one.url === url)
    if (asset) return asset
  }
  return undefined
}

/** A name that tells a person what it is: `v1.11.5-613e1592b2da-amd64-kernel`, `undionly.kpxe`. */
export function assetId({ kind, version, schematicId: id, architecture, file }: AssetRef): string {
  return kind === 'loader' ? file : `${version}-${id?.slice(0, 12)}-${architecture}-${kind}`
}

/** What a machine needs to boot from the network. */
export const bootKinds = ['kernel', 'initramfs', 'cmdline', 'loader'] as const satisfies AssetKind[]

export const downloadInput = z.strictObject({
  instance: instanceName.optional(),
  version: talosVersion.optional(),
  schematicId: schematicId.optional(),
  architecture: z.enum(architectures).default('amd64'),
  kinds: z
    .array(z.enum(assetKinds))
    .min(1, 'Name at least one.')
    .max(10)
    .default([...bootKinds]),
})
export type DownloadInput = z.output<typeof downloadInput>

/** The schematic of an instance as it is written down. */
export interface InstanceSchematic {
  instance: string
  /** Talos version for new machines. */
  version?: string
  /** The id in force for new machines. */
  schematicId?: string
  /** Canonical text; absent when only the id is known, as after taking over a cluster made elsewhere. */
  yaml?: string
  extensions: string[]
  kernelArguments: string[]
  /** Id of that text; differs from `schematicId` when somebody changed one of them by hand. */
  computedId?: string
}

/** A system extension the factory can build in. */
export interface Extension {
  name: string
  description: string
  author: string
}
