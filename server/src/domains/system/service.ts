import type { RunTool } from '../../platform/run-tool.ts'
import type { Settings } from '../../platform/settings.ts'
import { findTool, toolMissing } from '../../platform/tool-runner.ts'
import type { DnsmasqStatus } from '../dns/index.ts'
import { type Device, readDevice } from './device.ts'
import type { LogReader } from './logs/reader.ts'

export interface Tool {
  name: string
  /** Needed for what the daemon is for, or only for some things. */
  required: boolean
  path?: string
  version?: string
  /** What is wrong and how to mend it. */
  problem?: string
}

export interface SystemStatus {
  daemon: 'running'
  version: string
  uptime: string
  instances: number
  dnsmasq: DnsmasqStatus
  tools: Tool[]
  mirror?: string
  dataDirectory: string
  node: string
}

export interface SystemService {
  readonly logs: LogReader
  device(): Promise<Device>
  health(): { status: 'healthy' | 'degraded'; version: string; uptime: string }
  status(): Promise<SystemStatus>
}

const toolProbes = [
  { name: 'talosctl', required: true, args: ['version', '--client', '--short'], pattern: /v\d+\.\d+\.\d+\S*/ },
  {
    name: 'kubectl',
    required: true,
    args: ['version', '--client', '-o', 'json'],
    pattern: /"gitVersion":\s*"(v[^"]+)"/,
  },
  { name: 'gomplate', required: false, args: ['--version'], pattern: /\d+\.\d+\.\d+\S*/ },
] as const

/** 90 000 → "25h0m0s", as the plan prints uptimes. */
export function formatUptime(seconds: number): string {
  const whole = Math.floor(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  return `${hours ? `${hours}h` : ''}${hours || minutes ? `${minutes}m` : ''}${rest}s`
}

/** Health and status of the daemon and its tools. */
export function createSystemService(deps: {
  settings: Settings
  version: string
  reads: RunTool
  countInstances(): Promise<number>
  dnsmasq(): Promise<DnsmasqStatus>
  logs: LogReader
}): SystemService {
  const versions = new Map<string, string>()
  const uptime = () => formatUptime(process.uptime())

  async function probe({ name, required, args, pattern }: (typeof toolProbes)[number]): Promise<Tool> {
    const path = findTool(name)
    if (!path) return { name, required, problem: toolMissing(name).message }
    const known = versions.get(path)
    if (known) return { name, required, path, version: known }
    try {
      const { stdout } = await deps.reads({ tool: name, args: [...args], captureOnly: true })
      const match = pattern.exec(stdout)
      const version = match?.[1] ?? match?.[0] ?? 'unknown'
      versions.set(path, version)
      return { name, required, path, version }
    } catch (error) {
      return { name, required, path, problem: `${name} is there but does not work: ${(error as Error).message}` }
    }
  }

  return {
    logs: deps.logs,
    device: () => readDevice(deps.settings.dataDirectory),
    health: () => ({
      status: toolProbes.every(({ name, required }) => !required || findTool(name)) ? 'healthy' : 'degraded',
      version: deps.version,
      uptime: uptime(),
    }),
    status: async () => ({
      daemon: 'running',
      version: deps.version,
      uptime: uptime(),
      instances: await deps.countInstances(),
      dnsmasq: await deps.dnsmasq(),
      tools: await Promise.all(toolProbes.map(probe)),
      mirror: deps.settings.mirror,
      dataDirectory: deps.settings.dataDirectory,
      node: process.version,
    }),
  }
}
