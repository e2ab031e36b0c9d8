import type { MachineConfig, Tree } from './decode.ts'

/** What `validate` found; each error is one line of the real tool's. */
export interface Findings {
  warnings: string[]
  errors: string[]
}

const CIDR = /^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$|^[0-9a-f:]+\/\d{1,3}$/i
const ADDRESS = /^(\d{1,3}\.){3}\d{1,3}$|^[0-9a-f:]+$/i

/** Checks a decoded config for the given runtime mode (`metal`, `cloud`, `container`). */
export function validateConfig(config: MachineConfig, mode: string): Findings {
  const main = config.main
  if (main === undefined) return { warnings: [], errors: ['config not found'] }
  const errors: string[] = []
  const warnings: string[] = []
  if (main.machine === undefined) errors.push('machine instructions are required')
  if (main.cluster === undefined) errors.push('cluster instructions are required')
  checkMachine(main.machine ?? {}, mode, errors, warnings)
  if (main.cluster !== undefined) checkCluster(main.cluster, errors)
  return { warnings, errors }
}

const isControlPlane = (type: unknown): boolean => type === 'controlplane' || type === 'init'

function checkMachine(machine: Tree, mode: string, errors: string[], warnings: string[]): void {
  const type: unknown = machine.type
  if (type === 'join') warnings.push('use "worker" instead of "join" for machine type')
  else if (!isControlPlane(type) && type !== 'worker') errors.push(`unknown machine type "${type ?? ''}"`)
  if (mode === 'metal') checkInstall(machine.install, errors)
  checkIssuingCa(machine, isControlPlane(type), errors)
  const interfaces: Tree[] = machine.network?.interfaces ?? []
  for (const device of interfaces) checkDevice(device, isControlPlane(type), errors)
  for (const server of machine.network?.nameservers ?? []) {
    if (!ADDRESS.test(server)) errors.push(`failed to parse name servers: ParseAddr("${server}"): unable to parse IP`)
  }
}

function checkInstall(install: Tree, errors: string[]): void {
  if (install === undefined) errors.push('install instructions are required in "metal" mode')
  else if (!install.disk && install.diskSelector === undefined)
    errors.push('either install disk or diskSelector should be defined')
}

function checkIssuingCa(machine: Tree, controlPlane: boolean, errors: string[]): void {
  if (!machine.ca?.crt && (machine.acceptedCAs ?? []).length === 0) {
    errors.push('issuing CA or some accepted CAs are required (.machine.ca, machine.acceptedCAs)')
  } else if (controlPlane && !machine.ca?.key)
    errors.push('issuing CA key is required for controlplane nodes (machine.ca)')
  else if (!controlPlane && machine.ca?.key)
    errors.push('issuing CA key is not allowed on non-controlplane nodes (machine.ca)')
}

function checkDevice(device: Tree, controlPlane: boolean, errors: string[]): void {
  if (!device.interface && device.deviceSelector === undefined) {
    errors.push(
      '[networking.os.device.interface], [networking.os.device.deviceSelector]: required either config section to be set',
    )
  }
  for (const address of device.addresses ?? []) {
    if (!CIDR.test(address) && !ADDRESS.test(address))
      errors.push(`[networking.os.device.addresses] "${address}": invalid network address`)
  }
  for (const route of device.routes ?? []) {
    if (route.gateway && !ADDRESS.test(route.gateway))
      errors.push(`[networking.os.device.route[0].gateway] "${route.gateway}": invalid network address`)
  }
  if (device.vip?.ip === undefined) return
  if (!controlPlane) errors.push('virtual (shared) IP is not allowed on non-controlplane nodes')
  else if (!ADDRESS.test(device.vip.ip))
    errors.push(`[networking.os.device.vip] failed to parse "${device.vip.ip}" as IP address`)
}

function checkCluster(cluster: Tree, errors: string[]): void {
  const endpoint: unknown = cluster.controlPlane?.endpoint
  if (cluster.controlPlane === undefined) errors.push('cluster controlplane endpoint is required')
  else if (typeof endpoint !== 'string' || !URL.canParse(endpoint))
    errors.push(`invalid cluster endpoint "${endpoint ?? ''}"`)
}
