import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:https'
import { join } from 'node:path'
import { exists } from '../../../platform/atomic-file.ts'
import type { RunTool } from '../../../platform/run-tool.ts'
import type { NodesService } from '../../nodes/index.ts'
import { aLan } from '../../nodes/testing/a-lan.ts'
import { type FakeMachine, place } from '../../nodes/testing/fake-machines.ts'
import type { ClusterDeps } from '../deps.ts'
import { testCertificates } from './test-certificates.ts'

export const net = '127.119.22'
export const vip = `${net}.90`

function kubeconfigText(): string {
  const { authority, certificate } = testCertificates.ours
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  return JSON.stringify({
    clusters: [{ cluster: { server: `https://${vip}:6443`, 'certificate-authority-data': base64(authority) } }],
    users: [{ user: { 'client-certificate-data': base64(certificate), 'client-key-data': 'a2V5' } }],
  })
}

function pod(name: string, labels: Record<string, string>) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  }
}

function node(name: string) {
  const status = {
    conditions: [{ type: 'Ready', status: 'True' }],
    nodeInfo: { kubeletVersion: 'v1.34.1', osImage: 'Talos (v1.11.5)' },
  }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'node-role.kubernetes.io/control-plane': '' } },
    status,
  }
}

/**
 * Instance `home` with control planes that were set up, whose API server comes up when etcd does. Its certificate is for
 * the usual network; a test file that needs no API takes another one, to run beside others.
 */
export async function aCluster(names = ['control-1', 'control-2'], network = net) {
  const machines: FakeMachine[] = names.map((_name, i) => ({
    mac: `00:11:22:33:44:0${i}`,
    ip: `${network}.9${i + 1}`,
    disks: [],
    config: 'machine: {}',
  }))
  const world = await aLan(network, machines)
  const { places, lan, store } = world
  const records = names.map((name, i) => ({
    name,
    role: 'controlplane' as const,
    interface: 'eth0',
    disk: '/dev/sda',
    currentIp: `${network}.9${i + 1}`,
    targetIp: `${network}.9${i + 1}`,
    maintenance: false,
  }))
  await store.add('home', records, { via: 'cli', reason: 'test' })
  const crt = Buffer.from(testCertificates.ours.authority).toString('base64')
  place(join(places.generated, 'controlplane.yaml'), `cluster:\n  ca:\n    crt: ${crt}\n`, 0o600)
  place(join(places.generated, 'talosconfig'), 'context: home\ncontexts:\n  home:\n    endpoints: []\n', 0o600)
  let server: Server | undefined

  async function startApi(which: 'ours' | 'other' = 'ours'): Promise<void> {
    const { certificate, key } = testCertificates[which]
    server = createServer({ cert: certificate, key }, (_request, response) => response.writeHead(401).end())
    await new Promise<void>((resolve, reject) => server!.once('error', reject).listen(6443, vip, resolve))
    lan.kubernetes.up = true
    lan.kubernetes.nodes = names.map(node)
  }
  async function stopApi(): Promise<void> {
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)))
    server = undefined
    lan.kubernetes.up = false
  }

  const parts = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-dns']
  const pods = parts.map((part) => pod(`${part}-1`, { 'k8s-app': part }))
  /** The machines' bootstrap brings the API up; pods and the kubeconfig are this test's. */
  const run: RunTool = async (call) => {
    if (call.tool === 'kubectl' && call.args.includes('pods')) {
      await lan.run(call)
      return { stdout: JSON.stringify({ kind: 'List', items: pods }), stderr: '', exitCode: 0 }
    }
    if (call.tool === 'kubectl' && call.args.includes('version')) {
      await lan.run(call)
      return {
        stdout: JSON.stringify({ clientVersion: { gitVersion: 'v1.34.1' }, serverVersion: { gitVersion: 'v1.34.1' } }),
        stderr: '',
        exitCode: 0,
      }
    }
    const result = await lan.run(call)
    if (call.args[0] === 'kubeconfig') place(call.args[1]!, kubeconfigText())
    if (call.args[0] === 'bootstrap') {
      for (const machine of lan.machines) machine.etcd = true
      await startApi()
    }
    return result
  }

  const nodes = {
    records: store.records,
    hasBaseConfig: () => exists(places.generated),
    makeBaseConfig: async () => false,
  } as unknown as NodesService
  const deps: ClusterDeps = { ...world.deps, reads: run, nodes }
  return {
    ...world,
    deps,
    run,
    startApi,
    stopApi,
    readKubeconfig: () => readFileSync(places.kubeconfig, 'utf8'),
    async close() {
      await stopApi()
      await world.close()
    },
  }
}
