import { createHash } from 'node:crypto'

const KIB = 1024
/** Where an ISO 9660 image names itself. */
const ISO_DESCRIPTOR = 32_768

const MAKERS: [RegExp, (seed: string) => Buffer][] = [
  [/^kernel-(amd64|arm64)$/, (seed) => withMagic(seed, 64 * KIB, 0, Buffer.from('MZ'))],
  [/^initramfs-(amd64|arm64)\.xz$/, (seed) => withMagic(seed, 128 * KIB, 0, Buffer.from('fd377a585a00', 'hex'))],
  [
    /^metal-(amd64|arm64)(-secureboot)?\.iso$/,
    (seed) => withMagic(seed, 96 * KIB, ISO_DESCRIPTOR, Buffer.from('\u0001CD001\u0001', 'latin1')),
  ],
  [/^metal-(amd64|arm64)-uki\.efi$/, (seed) => withMagic(seed, 64 * KIB, 0, Buffer.from('MZ'))],
  [/^metal-(amd64|arm64)\.raw\.xz$/, (seed) => withMagic(seed, 128 * KIB, 0, Buffer.from('fd377a585a00', 'hex'))],
  [/^cmdline-metal-(amd64|arm64)$/, () => Buffer.from(KERNEL_ARGUMENTS)],
]

const LOADERS: Record<string, Buffer> = {
  '/undionly.kpxe': Buffer.from('\u00ea', 'latin1'),
  '/ipxe.efi': Buffer.from('MZ'),
  '/arm64-efi/ipxe.efi': Buffer.from('MZ'),
}

/** A network boot loader of boot.ipxe.org, made up like the assets. Undefined for other paths. */
export function bootLoader(path: string): Buffer | undefined {
  const magic = LOADERS[path]
  return magic && withMagic(`boot.ipxe.org${path}`, 32 * KIB, 0, magic)
}

/** Kernel arguments of Talos 1.11 on metal. */
export const KERNEL_ARGUMENTS =
  'talos.platform=metal console=tty0 init_on_alloc=1 slab_nomerge pti=on consoleblank=0 nvme_core.io_timeout=4294967295 printk.devkmsg=on selinux=1'

/**
 * A boot asset: small made-up bytes that carry the right magic and are always the same for the same schematic, version
 * and name. Undefined for names the factory does not serve.
 */
export function bootAsset(schematic: string, version: string, name: string): Buffer | undefined {
  const maker = MAKERS.find(([pattern]) => pattern.test(name))?.[1]
  return maker?.(`${schematic}/${version}/${name}`)
}

function withMagic(seed: string, size: number, offset: number, magic: Buffer): Buffer {
  const digest = createHash('sha256').update(seed).digest()
  const bytes = Buffer.alloc(size, digest)
  magic.copy(bytes, offset)
  return bytes
}
