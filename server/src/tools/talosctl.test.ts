import { describe, expect, it } from 'vitest'
import type { RunTool, ToolCall } from '../platform/run-tool.ts'
import { createTalosctl } from './talosctl.ts'

function recorder(answer: { stdout?: string; stderr?: string } = {}) {
  const calls: ToolCall[] = []
  const run: RunTool = async (call) => {
    calls.push(call)
    return { stdout: '', stderr: '', exitCode: 0, ...answer }
  }
  return { calls, run, line: () => calls.at(-1)!.args.join(' ') }
}

const options = { talosconfig: '/data/home/.talos/config', home: '/data/home/.wildcloud/home' }
const secure = '--talosconfig /data/home/.talos/config --endpoints 10.0.0.31 --nodes 10.0.0.31'

describe('talosctl', () => {
  it('asks a machine in maintenance mode insecurely and others by certificate', async () => {
    const { run, line } = recorder()
    const talosctl = createTalosctl(run, options)
    await talosctl.disks({ ip: '10.0.0.31', insecure: true })
    expect(line()).toBe('get disks --nodes 10.0.0.31 --insecure -o json')
    await talosctl.disks({ ip: '10.0.0.31' })
    expect(line()).toBe(`get disks ${secure} -o json`)
  })

  it('makes the base configurations from the secrets file, without documentation', async () => {
    const { run, line } = recorder()
    await createTalosctl(run).generateConfig({
      name: 'home',
      vip: '10.0.0.30',
      secretsFile: '/t/secrets.yaml',
      folder: '/t',
      kubernetesVersion: 'v1.34.1',
      talosVersion: 'v1.11.5',
    })
    expect(line()).toBe(
      'gen config home https://10.0.0.30:6443 --with-secrets /t/secrets.yaml --output /t --kubernetes-version 1.34.1 --talos-version v1.11 --with-docs=false --with-examples=false',
    )
  })

  it('keeps output that holds secrets out of the log', async () => {
    const { run, calls } = recorder({ stdout: 'machine: {}\n\n' })
    const talosctl = createTalosctl(run, options)
    expect(await talosctl.patchConfig('/g/controlplane.yaml', '/p/control-1.yaml')).toBe('machine: {}\n')
    await talosctl.hasConfig('10.0.0.31', '/f/control-1.yaml')
    expect(calls.every(({ captureOnly }) => captureOnly)).toBe(true)
    expect(calls[0]!.args).toEqual(['machineconfig', 'patch', '/g/controlplane.yaml', '--patch', '@/p/control-1.yaml'])
    // The diff of a dry run is on stderr, which only repeated reads keep quiet.
    expect(calls[1]!.repeated).toBe(true)
  })

  it('reads from a dry run whether the machine already has the configuration', async () => {
    const same = recorder({ stderr: 'Dry run summary:\nNo changes.\n' })
    expect(await createTalosctl(same.run, options).hasConfig('10.0.0.31', '/f')).toBe(true)
    const other = recorder({
      stderr: 'Dry run summary:\nApplied configuration without a reboot (skipped in dry-run).\nConfig diff:\n',
    })
    expect(await createTalosctl(other.run, options).hasConfig('10.0.0.31', '/f')).toBe(false)
    expect(other.line()).toBe(`apply-config ${secure} --file /f --dry-run`)
  })

  it('fetches a kubeconfig into a file of its own', async () => {
    const { run, line } = recorder()
    await createTalosctl(run, options).kubeconfig('10.0.0.31', '/k/config.new')
    expect(line()).toBe(`kubeconfig /k/config.new --merge=false --force ${secure}`)
  })

  it('refuses a call by certificate while there is none', async () => {
    const { run, calls } = recorder()
    await expect(createTalosctl(run).bootstrap('10.0.0.31')).rejects.toThrowError(/no Talos client certificate/)
    expect(calls).toEqual([])
  })
})
