import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../../tools/kubectl.ts'
import { testCertificates } from '../testing/test-certificates.ts'
import { allChecks, fullHealth } from './checks.ts'
import type { HealthFacts } from './facts.ts'

const now = Date.parse('2026-11-29T10:00:00Z')
const iso = (ms: number) => new Date(ms).toISOString()
const minutes = 60_000
const day = 24 * 60 * minutes
const names = ['control-1', 'control-2', 'control-3']
const parts = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-dns']

function object(kind: string, name: string, more: Record<string, unknown> = {}, metadata = {}): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, creationTimestamp: iso(now - day), ...metadata }, ...more }
}
const lease = (name: string, ahead: number) =>
  object('Lease', name, { spec: { renewTime: iso(now + ahead) } }, { namespace: 'kube-node-lease' })

function facts(more: Partial<HealthFacts> = {}, objects: KubeObject[] = []): HealthFacts {
  return {
    now,
    vip: '10.0.0.30',
    vipAnswers: true,
    apiReady: true,
    apiProblem: '',
    etcd: names.map((node) => ({ node, reachable: true, running: true, healthy: true })),
    members: names.map((hostname, n) => ({ id: String(n), hostname, learner: false })),
    waitsFor: {},
    expected: names,
    nodes: names.map((name) => ({
      name,
      ready: true,
      reason: '',
      controlPlane: true,
      kubeletVersion: 'v1.34.1',
      talosVersion: 'v1.11.5',
    })),
    pods: parts.map((part) => ({ name: `${part}-1`, phase: 'Running', ready: true, labels: { 'k8s-app': part } })),
    objects: [...names.map((name) => lease(name, -3_000)), ...objects],
    certificates: [],
    talosctl: 'v1.11.5',
    ...more,
  }
}

const check = (name: string, given: HealthFacts) => allChecks(given).find((each) => each.name === name)

describe('the checks of a cluster', () => {
  it('pass, without a remedy, and leave out what is not installed', () => {
    const health = fullHealth(facts())
    expect(health.status).toBe('healthy')
    expect(health.checks.map(({ name }) => name)).toEqual([
      'API Server',
      'etcd',
      'Nodes',
      'VIP',
      'Control plane pods',
      'DNS pods',
      'Pods',
      'Clocks',
      'Versions',
    ])
    for (const { name, remedy } of health.checks) expect(remedy, name).toBe('')
  })

  it('tell a stranger at the VIP from nobody', () => {
    const stranger = check('VIP', facts({ vipAnswers: false, stranger: 'self-signed certificate' }))
    expect(stranger).toMatchObject({ status: 'failing', message: expect.stringContaining('somebody else') })
    expect(check('VIP', facts({ vipAnswers: false }))?.message).toContain('Nobody answers')
  })

  it('name clocks that are off, and this device when all others agree', () => {
    const [a, b, c] = names as [string, string, string]
    const one = facts({ objects: [lease(a, -2_000), lease(b, 10 * minutes), lease(c, -2_000)] })
    expect(check('Clocks', one)).toMatchObject({ status: 'warning', message: 'control-2 is 10 minutes ahead' })
    const all = facts({ objects: names.map((name) => lease(name, -3 * 60 * minutes)) })
    expect(check('Clocks', all)).toMatchObject({
      status: 'failing',
      message: 'All nodes are 3 hours behind this device',
      remedy: expect.stringContaining('clock of this device is wrong'),
    })
  })

  it('name services without an address, once they had time', () => {
    const service = (name: string, created: number, ip?: string) =>
      object(
        'Service',
        name,
        { spec: { type: 'LoadBalancer' }, status: { loadBalancer: ip ? { ingress: [{ ip }] } : {} } },
        { namespace: 'web', creationTimestamp: iso(created) },
      )
    const pending = facts({}, [service('one', now - day, '10.0.0.80'), service('two', now - day)])
    expect(check('LoadBalancer services', pending)).toMatchObject({
      status: 'warning',
      message: 'web/two waits for an address',
    })
    expect(check('LoadBalancer services', facts({}, [service('new', now - 5_000)]))?.status).toBe('passing')
  })

  it('tell apart volumes that lost copies and those that lost all', () => {
    const storage = object(
      'StorageClass',
      'longhorn',
      {},
      { annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    )
    const volume = (robustness: string) => object('Volume', 'pvc-1', { status: { robustness } })
    expect(check('Storage', facts({ volumes: [volume('healthy')] }, [storage]))?.status).toBe('passing')
    expect(check('Storage', facts({ volumes: [volume('degraded')] }, [storage]))?.status).toBe('warning')
    expect(check('Storage', facts({ volumes: [volume('faulted')] }, [storage]))?.status).toBe('failing')
    expect(check('Storage', facts({}, [object('StorageClass', 'nfs')]))?.message).toContain('the default')
  })

  it('name pods in trouble with what their containers say', () => {
    const waiting = {
      state: { waiting: { reason: 'ImagePullBackOff' } },
      image: 'ghost:9',
      ready: false,
      restartCount: 0,
    }
    const pod = object(
      'Pod',
      'ghost-1',
      { status: { phase: 'Pending', containerStatuses: [waiting] } },
      { namespace: 'ghost' },
    )
    expect(check('Pods', facts({}, [pod]))).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('ghost/ghost-1: the image ghost:9 cannot be pulled'),
    })
  })

  it('tell certificates that end soon, have ended, or were not issued', () => {
    const client = (left: number) => ({ name: 'kubeconfig', kind: 'client' as const, expiresAt: iso(now + left) })
    const message = (left: number) => check('Client certificates', facts({ certificates: [client(left)] }))
    expect(message(90 * day)?.status).toBe('passing')
    expect(message(10 * day)).toMatchObject({ status: 'warning', message: 'kubeconfig ends on 2026-12-09' })
    expect(message(-day)).toMatchObject({ status: 'failing', message: 'kubeconfig ended on 2026-11-28' })
    const wildcard = { name: 'cert-manager/wildcard', kind: 'service' as const, problem: 'DNS challenge failed' }
    expect(check('Certificates', facts({ certificates: [wildcard] }))?.message).toContain('DNS challenge failed')
  })

  it('know strangers and newcomers in etcd, and what a member waits for', () => {
    const extra = { id: '9', hostname: 'old-one', learner: false }
    expect(check('etcd', facts({ members: [...facts().members!, extra] }))).toMatchObject({
      status: 'warning',
      message: expect.stringContaining('old-one'),
    })
    expect(check('etcd', facts({ members: facts().members!.slice(0, 2) }))?.message).toContain(
      'control-3 is not a member',
    )
    const etcd = facts().etcd.map((fact, n) => (n ? fact : { ...fact, running: false, healthy: false }))
    expect(check('etcd', facts({ etcd, waitsFor: { 'control-1': 'time: time is not synced' } }))?.message).toContain(
      'control-1 waits for time: time is not synced',
    )
  })

  it('name versions that do not go together', () => {
    const nodes = facts().nodes!.map((node, n) => (n ? node : { ...node, talosVersion: 'v1.12.0' }))
    expect(check('Versions', facts({ nodes }))?.message).toContain('different versions of Talos: v1.11.5, v1.12.0')
    expect(check('Versions', facts({ talosctl: 'v1.9.3' }))?.message).toContain('talosctl on this device is v1.9.3')
  })

  it('read no end from what is no certificate', async () => {
    const { endOf } = await import('./certificates.ts')
    expect(endOf('bm9uc2Vuc2U=')).toBeUndefined()
    expect(endOf(Buffer.from(testCertificates.ours.certificate).toString('base64'))).toBe('2126-10-30T01:04:20.000Z')
  })
})
