import type { Architecture, Image } from '../talos/index.ts'

/** iPXE scripts. Text of ours only goes in: names, versions and ids are checked before. */
const head = '#!ipxe\n'

/** The first script: iPXE fills in who it is and asks again. */
export function askAgain(base: string): string {
  return `${head}chain --replace ${base}/boot.ipxe?mac=\${netX/mac}&arch=\${buildarch}\n`
}

/** Paths of an image's files below `/pxe/`. */
export function imagePath({ version, schematicId, architecture }: Image, file: string): string {
  return `images/${version}/${schematicId}/${architecture}/${file}`
}

/** Loads kernel and initramfs and starts them. `initrd=` is for UEFI, where the kernel looks for the file itself. */
export function bootImage(base: string, image: Image, cmdline: string, whose: string): string {
  const { version, architecture } = image
  const initramfs = `initramfs-${architecture}.xz`
  return [
    `${head}echo Wild Central: ${whose} boots Talos ${version}`,
    'imgfree',
    `kernel ${base}/${imagePath(image, `kernel-${architecture}`)} initrd=${initramfs} ${cmdline}`,
    `initrd --name ${initramfs} ${base}/${imagePath(image, initramfs)}`,
    'boot',
    '',
  ].join('\n')
}

/** Says something on the machine's screen and goes on with its next boot device. */
export function sayAndGoOn(words: string, seconds: number): string {
  return `${head}echo Wild Central: ${words}\nsleep ${seconds}\nexit\n`
}

/** Lets a person at the machine choose; without one it goes on with its own disk. */
export function menu(base: string, instances: string[], asking: { mac?: string; architecture: Architecture }): string {
  const query = `?arch=${asking.architecture}${asking.mac ? `&mac=${asking.mac}` : ''}`
  return [
    `${head}menu Wild Central: what shall this machine boot?`,
    'item --key d disk Its own disk',
    ...instances.map((name) => `item i-${name} Talos for ${name}`),
    'choose --default disk --timeout 30000 chosen || goto disk',
    'goto ${chosen}',
    ':disk',
    'exit',
    ...instances.flatMap((name) => [`:i-${name}`, `chain --replace ${base}/instances/${name}.ipxe${query}`]),
    '',
  ].join('\n')
}
