import { open } from 'node:fs/promises'
import type { AssetRef } from './model.ts'

const isoNameAt = 32_769
const looked = 6

/** Why a file cannot be what it was downloaded as; undefined when it begins as it should (facts/tools.md section 3). */
export async function whyNot({ kind, file }: AssetRef, path: string): Promise<string | undefined> {
  const handle = await open(path, 'r')
  try {
    const at = async (position: number, length: number) =>
      (await handle.read(Buffer.alloc(length), 0, length, position)).buffer
    const start = await at(0, looked)
    if (kind === 'iso')
      return (await at(isoNameAt, 5)).toString('latin1') === 'CD001' ? undefined : 'it is no ISO image'
    if (kind === 'cmdline')
      return (await at(0, 4_096)).includes('talos.platform=') ? undefined : 'it holds no kernel arguments'
    if (kind === 'initramfs')
      return ['fd377a585a00', '28b52ffd'].some((magic) => start.toString('hex').startsWith(magic))
        ? undefined
        : 'it is not packed as an initramfs is'
    if (file === 'undionly.kpxe') return start.toString('latin1').startsWith('<') ? 'it is a web page' : undefined
    const isProgram = start.toString('latin1').startsWith('MZ') || start.toString('hex').startsWith('1f8b')
    return isProgram ? undefined : 'it does not begin like a program'
  } finally {
    await handle.close()
  }
}
