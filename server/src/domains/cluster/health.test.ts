import { describe, expect, it } from 'vitest'
import type { ClusterFacts, PodFact } from './facts.ts'
import { readPods } from './facts.ts'
import { checksOf, clusterOf, componentsOf, healthBeforeBootstrap, healthOf, statusOf } from './health.ts'

function node(name: string, ready = true) {
  return {
    name,
    ready,
    reason: ready ? '' : 'kubelet stopped',
    controlPlane: true,
    kubeletVersion: 'v1.34.1',
    talosVersion: 'v1.11.5',
    ip: '10.0.0.31',
  }
}

function pod(part: string, name: string, ready = true): PodFact {
  return { name: `${part}-${name}`, phase: 'Running', ready, labels: { 'k8s-app': part } }
}

function etcd(name: string, healthy = true) {
  return { node: name, reachable: healthy, running: healthy, healthy }
}

const names = ['control-1', 'control-2', 'control-3']
const parts = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']

function facts(more: Partial<ClusterFacts> = {}): ClusterFacts {
  return {
    vip: '10.0.0.30',
    vipAnswers: true,
    apiReady: true,
    apiProblem: '',
    etcd: names.map((name) => etcd(name)),
    expected: names,
    nodes: names.map((name) => node(name)),
    pods: [
      ...parts.flatMap((part) => names.map((name) => pod(part, name))),
      { name: 'coredns-1', phase: 'Running', ready: true, labels: { 'k8s-app': 'kube-dns' } },
    ],
    kubernetesVersion: 'v1.34.1',
    ...more,
  }
}

function found(name: string, more: Partial<ClusterFacts>) {
  return checksOf(facts(more)).find((check) => check.name === name)!
}

describe('health of a cluster', () => {
  it('is healthy when every check passes', () => {
    const health = healthOf(facts())
    expect(health.status).toBe('healthy')
    expect(health.checks.map(({ name, status }) => [name, status])).toEqual([
      ['API Server', 'passing'],
      ['etcd', 'passing'],
      ['Nodes', 'passing'],
      ['VIP', 'passing'],
      ['Control plane pods', 'passing'],
      ['DNS pods', 'passing'],
    ])
    expect(health.checks.map(({ message }) => message)).toContain('All 3 etcd members are healthy')
  })

  it('is unhealthy when the API or the majority of etcd is gone', () => {
    expect(
      healthOf(facts({ apiReady: false, apiProblem: 'connection refused', nodes: undefined, pods: undefined })).status,
    ).toBe('unhealthy')
    expect(
      healthOf(facts({ etcd: [etcd('control-1'), etcd('control-2', false), etcd('control-3', false)] })).status,
    ).toBe('unhealthy')
  })

  it('names who keeps etcd from its majority, what brings it back, and why the API server says no', () => {
    const silent = (name: string) => ({ node: name, reachable: false, running: false, healthy: false })
    const alone = [
      { node: 'control-1', reachable: true, running: true, healthy: false },
      silent('control-2'),
      silent('control-3'),
    ]
    const lost = facts({ apiReady: false, apiProblem: 'etcd failed', etcd: alone, nodes: undefined, pods: undefined })
    expect(healthOf(lost).status).toBe('unhealthy')
    expect(found('etcd', lost)).toMatchObject({
      status: 'failing',
      message:
        'etcd has lost its majority: 1 of 3 members runs, and it needs 2. control-2 does not answer, control-3 does not answer',
      remedy: expect.stringMatching(/Bring control-2, control-3 back.*etcd-snapshot restore last --skip-offline/),
    })
    expect(found('API Server', lost)).toMatchObject({
      message: 'The API server is not ready at https://10.0.0.30:6443: etcd failed',
      remedy: expect.stringContaining('See etcd'),
    })
    const dark = found('etcd', { etcd: names.map(silent) })
    expect(dark.message).toMatch(/^etcd runs nowhere: control-1 does not answer/)
    expect(dark.remedy).not.toContain('snapshot')
  })

  it('is degraded when a member is missing but the majority is there', () => {
    expect(healthOf(facts({ etcd: [etcd('control-1'), etcd('control-2'), etcd('control-3', false)] })).status).toBe(
      'degraded',
    )
    const check = found('etcd', { etcd: [etcd('control-1'), etcd('control-2'), etcd('control-3', false)] })
    expect(check).toMatchObject({
      status: 'warning',
      message: '2 of 3 etcd members are healthy: control-3 does not answer',
    })
  })

  it('names nodes that are not ready and nodes that never joined', () => {
    const check = found('Nodes', { nodes: [node('control-1'), node('control-2', false)] })
    expect(check).toMatchObject({
      status: 'warning',
      message: 'control-2 is not ready (kubelet stopped), control-3 has not joined',
    })
    expect(found('Nodes', { nodes: [] }).status).toBe('failing')
  })

  it('has a remedy for everything that does not pass', () => {
    const worst = facts({ apiReady: false, vipAnswers: false, etcd: [], nodes: undefined, pods: undefined })
    for (const check of checksOf(worst)) expect(check.remedy, check.name).not.toBe('')
    for (const check of checksOf(facts())) expect(check.remedy, check.name).toBe('')
  })

  it('fails the DNS pods while none is ready and warns while some are', () => {
    const dns = (ready: boolean, n: number): PodFact => ({
      name: `coredns-${n}`,
      phase: 'Pending',
      ready,
      labels: { 'k8s-app': 'kube-dns' },
    })
    const others = facts().pods!.slice(0, -1)
    expect(found('DNS pods', { pods: [...others, dns(false, 1), dns(false, 2)] })).toMatchObject({
      status: 'failing',
      message: 'coredns-1 is Pending, coredns-2 is Pending',
    })
    expect(found('DNS pods', { pods: [...others, dns(true, 1), dns(false, 2)] }).status).toBe('warning')
    expect(found('DNS pods', { pods: others }).status).toBe('failing')
  })

  it('is unknown before the bootstrap and says what to do', () => {
    expect(healthBeforeBootstrap()).toMatchObject({
      status: 'unknown',
      checks: [{ remedy: expect.stringContaining('cluster bootstrap') }],
    })
  })
})

describe('status of a cluster', () => {
  it('is one word for what was found', () => {
    expect(statusOf(facts(), false)).toBe('ready')
    expect(statusOf(facts(), true)).toBe('bootstrapping')
    expect(statusOf(facts({ apiReady: false }), false)).toBe('unreachable')
    expect(statusOf(facts({ nodes: [node('control-1')] }), false)).toBe('degraded')
  })

  it('counts live nodes, or what is written down while the API is silent', () => {
    const written = { controlPlaneNodes: 1, workerNodes: 2, kubernetesVersion: 'v1.33.0', talosVersion: 'v1.10.0' }
    expect(clusterOf(facts(), false, written)).toMatchObject({
      nodes: 3,
      controlPlaneNodes: 3,
      workerNodes: 0,
      kubernetesVersion: 'v1.34.1',
      talosVersion: 'v1.11.5',
    })
    const silent = facts({ apiReady: false, nodes: undefined, pods: undefined, kubernetesVersion: undefined })
    expect(clusterOf(silent, false, written)).toMatchObject({
      nodes: 3,
      controlPlaneNodes: 1,
      workerNodes: 2,
      kubernetesVersion: 'v1.33.0',
      talosVersion: 'v1.10.0',
    })
  })

  it('tells how each part of the control plane is', () => {
    expect(componentsOf(facts())).toEqual({
      apiServer: 'healthy',
      etcd: 'healthy',
      scheduler: 'healthy',
      controllerManager: 'healthy',
    })
    expect(componentsOf(facts({ pods: undefined })).scheduler).toBe('unknown')
    const pods = [pod('kube-scheduler', 'a'), pod('kube-scheduler', 'b', false)]
    expect(componentsOf(facts({ pods }))).toMatchObject({ scheduler: 'degraded', controllerManager: 'unknown' })
  })
})

describe('pods', () => {
  it('are ready when they run and say so; finished ones do not count', () => {
    const object = (name: string, phase: string, ready: string) => ({
      metadata: { name },
      status: { phase, conditions: [{ type: 'Ready', status: ready }] },
    })
    expect(
      readPods([
        object('a', 'Running', 'True'),
        object('b', 'Running', 'False'),
        object('c', 'Succeeded', 'False'),
        { kind: 'nonsense' },
      ]),
    ).toEqual([
      { name: 'a', phase: 'Running', ready: true, labels: {} },
      { name: 'b', phase: 'Running', ready: false, labels: {} },
    ])
  })
})
