import { ConfigError, decodeConfig, type MachineConfig, validateConfig } from '../../machine-config/index.ts'
import type { Hardware } from '../hardware.ts'
import { multiError } from '../rpc-error.ts'

/**
 * Checks a config the way a machine does before it takes it: shape, rules of metal mode, and whether the install disk is
 * there and can be written. Returns the decoded config, or the reason why not.
 */
export function checkConfig(text: string, hardware: Hardware): { config: MachineConfig } | { problem: string } {
  try {
    const config = decodeConfig(text)
    const { errors } = validateConfig(config, 'metal')
    const all = [...errors, ...(errors.length === 0 ? diskProblems(config, hardware) : [])]
    return all.length > 0 ? { problem: multiError(all).trimEnd() } : { config }
  } catch (error) {
    if (error instanceof ConfigError) return { problem: error.message }
    throw error
  }
}

/** The disk that a config wants Talos on: named, or the first that its selector matches. */
export function installDiskOf(config: MachineConfig, hardware: Hardware) {
  const { disk, diskSelector } = config.main.machine.install
  if (disk) return hardware.disks.find((one) => `/dev/${one.name}` === disk)
  return hardware.disks.find((one) => {
    const wanted = Object.entries(diskSelector as Record<string, string>).filter(([key]) => key !== 'size')
    const have: Record<string, string> = {
      name: one.name,
      model: one.model,
      serial: one.serial,
      wwid: one.wwid,
      type: typeOf(one.transport, one.rotational),
      busPath: one.busPath,
    }
    return !one.readonly && !one.cdrom && wanted.every(([key, value]) => have[key] === value)
  })
}

function typeOf(transport: string, rotational: boolean): string {
  return transport === 'nvme' ? 'nvme' : rotational ? 'hdd' : 'ssd'
}

function diskProblems(config: MachineConfig, hardware: Hardware): string[] {
  const disk = installDiskOf(config, hardware)
  const { install } = config.main.machine
  if (!disk && install.disk) return [`specified install disk does not exist: "${install.disk}"`]
  if (!disk) return [`no disks matched the expression: ${JSON.stringify(install.diskSelector)}`]
  return disk.readonly || disk.cdrom ? [`specified install disk is read-only: "/dev/${disk.name}"`] : []
}
