import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { WildError } from '../../../platform/errors.ts'
import type { RunTool, ToolCall } from '../../../platform/run-tool.ts'
import { talosPort } from '../tcp-probe.ts'

/** A machine on the simulated LAN of a test. */
export interface FakeMachine {
  mac: string
  ip: string
  disks: {
    name: string
    size: number
    serial?: string
    transport?: string
    holds?: { name: string; label?: string }[]
  }[]
  /** The configuration it runs; absent in maintenance mode. */
  config?: string
  /** Belongs to another cluster: takes nobody's certificate. */
  foreign?: boolean
  stage?: string
  uuid?: string
  etcd?: boolean
  /** etcd runs and has no majority. */
  stalled?: boolean
  /** Its clock is not in sync: it refuses the bootstrap. */
  noTime?: boolean
  /** The router it sends everything through. */
  gateway?: string
  /** Takes the configuration and goes away without installing it; `listen` brings it back. */
  installFails?: boolean
}

const mutating = /^(gen|apply-config(?!.*--dry-run)|bootstrap|kubeconfig|service|config (endpoint|node))/

/** Machines that answer talosctl (as a function) and listen on TCP 50000 of loopback addresses. */
export function fakeMachines(machines: FakeMachine[]) {
  const calls: string[] = []
  const kubernetes: { nodes: unknown[]; up: boolean } = { nodes: [], up: false }
  const servers = new Map<string, Server>()

  /** Listens at every machine's address of the moment. */
  async function listen(): Promise<void> {
    await close()
    for (const { ip } of machines) {
      const server = createServer(
        (socket) =>
          void socket
            .on('error', () => undefined)
            .resume()
            .end(),
      )
      await new Promise<void>((resolve, reject) => server.once('error', reject).listen(talosPort, ip, resolve))
      servers.set(ip, server)
    }
  }

  async function close(): Promise<void> {
    await Promise.all([...servers.values()].map((server) => new Promise((resolve) => server.close(resolve))))
    servers.clear()
  }

  function fail(output: string): never {
    throw new WildError('TOOL_FAILED', `talosctl failed: ${output}`, { output })
  }

  function machineAt(args: string[]): FakeMachine {
    const ip = args[args.indexOf('--nodes') + 1]!
    const machine = machines.find((each) => each.ip === ip)
    if (!machine)
      fail(
        `rpc error: code = Unavailable desc = "transport: Error while dialing: dial tcp ${ip}:50000: connect: connection refused"`,
      )
    const insecure = args.includes('--insecure')
    if (insecure && (machine.config || machine.foreign))
      fail('rpc error: code = Unavailable desc = remote error: tls: certificate required')
    if (!insecure && (!machine.config || machine.foreign))
      fail('tls: failed to verify certificate: x509: certificate signed by unknown authority')
    return machine
  }

  function resource(kind: string, machine: FakeMachine): { id: string; spec: unknown }[] {
    switch (kind) {
      case 'links':
        return [{ id: 'eth0', spec: { type: 'ether', kind: '', hardwareAddr: machine.mac, operationalState: 'up' } }]
      case 'routes':
        return [
          {
            id: 'r',
            spec: {
              family: 'inet4',
              dst: '',
              gateway: machine.gateway ?? '10.0.0.1',
              outLinkName: 'eth0',
              priority: 1024,
            },
          },
        ]
      case 'disks':
        return machine.disks.map(({ name, holds: _holds, ...disk }) => ({
          id: name,
          spec: { dev_path: `/dev/${name}`, transport: 'sata', ...disk },
        }))
      case 'discoveredvolumes':
        return machine.disks.flatMap(({ name, size, holds = [] }) =>
          holds.map((one, index) => ({
            id: `${name}${index + 1}`,
            spec: {
              dev_path: `/dev/${name}${index + 1}`,
              parent_dev_path: `/dev/${name}`,
              size,
              name: one.name,
              partition_label: one.label,
            },
          })),
        )
      case 'systeminformation':
        return [{ id: 'systeminformation', spec: { uuid: machine.uuid ?? machine.mac } }]
      case 'systemdisk':
        return machine.config ? [{ id: 'system-disk', spec: { diskID: 'sda', devPath: '/dev/sda' } }] : []
      case 'version':
        return [{ id: 'version', spec: { version: 'v1.11.5' } }]
      case 'machinestatus':
        return [
          {
            id: 'machine',
            spec: { stage: machine.stage ?? (machine.config ? 'booting' : 'maintenance'), status: { ready: false } },
          },
        ]
      case 'services':
        return [
          {
            id: 'etcd',
            spec: {
              running: machine.etcd ?? false,
              healthy: Boolean(machine.etcd && !machine.stalled),
              unknown: false,
            },
          },
        ]
      default:
        return []
    }
  }

  function generate(args: string[]): void {
    if (args[1] === 'secrets') writeFileSync(args[3]!, 'cluster:\n  secret: super-secret-value\n', { mode: 0o600 })
    else generateConfigs(args)
  }

  function generateConfigs(args: string[]): void {
    const folder = args[args.indexOf('--output') + 1]!
    const secrets = readFileSync(args[args.indexOf('--with-secrets') + 1]!, 'utf8')
    for (const role of ['controlplane', 'worker'])
      writeFileSync(join(folder, `${role}.yaml`), `# ${role} ${secrets.length}\nmachine: {}\n`)
    writeFileSync(join(folder, 'talosconfig'), 'context: home\ncontexts:\n  home:\n    endpoints: []\n')
  }

  /** The last `targetIp` a patch names: where the machine comes back. */
  function targetOf(config: string): string | undefined {
    return /address: ([\d.]+)/.exec(config)?.[1]
  }

  async function apply(args: string[]): Promise<string> {
    const machine = machineAt(args)
    const config = readFileSync(args[args.indexOf('--file') + 1]!, 'utf8')
    if (args.includes('--dry-run')) return machine.config === config ? 'No changes.' : 'Config diff:'
    if (machine.installFails) {
      await close()
      return ''
    }
    machine.config = config
    machine.ip = targetOf(config) ?? machine.ip
    await listen()
    return ''
  }

  async function talosctl({ args }: ToolCall): Promise<{ stdout?: string; stderr?: string }> {
    const [verb, second] = args
    if (verb === 'gen') generate(args)
    else if (verb === 'get') {
      const documents = resource(second!, machineAt(args)).map(({ id, spec }) =>
        JSON.stringify({ metadata: { id }, node: '', spec }, null, 4),
      )
      return { stdout: documents.join('\n') }
    } else if (verb === 'machineconfig') {
      const patch = args[args.indexOf('--patch') + 1]!.slice(1)
      return { stdout: `${readFileSync(args[2]!, 'utf8')}${readFileSync(patch, 'utf8')}\n` }
    } else if (verb === 'apply-config') return { stderr: await apply(args) }
    else if (verb === 'config') {
      const ips = args.slice(2, args.indexOf('--talosconfig'))
      writeFileSync(args.at(-1)!, `context: home\ncontexts:\n  home:\n    endpoints: [${ips.join(', ')}]\n`, {
        mode: 0o600,
      })
    } else if (verb === 'bootstrap') {
      const machine = machineAt(args)
      if (machine.noTime) fail('rpc error: code = FailedPrecondition desc = time is not in sync yet')
      if (machine.etcd) fail('rpc error: code = AlreadyExists desc = etcd data directory is not empty')
      machine.etcd = true
    }
    return {}
  }

  const run: RunTool = async (call) => {
    calls.push(`${call.tool} ${call.args.map((arg) => (arg.startsWith('/') ? basename(arg) : arg)).join(' ')}`)
    if (call.tool === 'kubectl') {
      if (!kubernetes.up) throw new WildError('CLUSTER_UNREACHABLE', 'The API does not answer.')
      return { stdout: JSON.stringify({ kind: 'List', items: kubernetes.nodes }), stderr: '', exitCode: 0 }
    }
    return { stdout: '', stderr: '', exitCode: 0, ...(await talosctl(call)) }
  }

  return {
    machines,
    kubernetes,
    run,
    listen,
    close,
    /** Commands that changed something since the last call, file paths cut to their names. */
    changes(): string[] {
      const changed = calls.filter((line) => mutating.test(line.replace(/^talosctl /, '')))
      calls.length = 0
      return changed
    },
  }
}

/** Writes a file with its folders; for tests that need something to be there. */
export function place(file: string, text: string, mode = 0o644): void {
  if (!existsSync(dirname(file))) mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  chmodSync(file, mode)
}
