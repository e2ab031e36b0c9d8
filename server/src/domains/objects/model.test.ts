import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../tools/kubectl.ts'
import type { ReadyCheck } from '../catalog/index.ts'
import { checkReady, hashOf, keyOf, lookup, parseManifests, probeOf, readiness, stateOf, withHash } from './model.ts'

function object(kind: string, rest: Record<string, unknown> = {}, metadata = {}): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name: 'x', namespace: 'n', ...metadata }, ...rest }
}

/** The same data with its keys in another order, at every level. */
function shuffled(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shuffled)
  if (!value || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, shuffled(inner)]),
  )
}

describe('the hash of an object', () => {
  const anySpec = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue({ maxDepth: 3 }))

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(anySpec, (spec) => {
        const one = object('ConfigMap', { spec })
        expect(hashOf(shuffled(one) as KubeObject)).toBe(hashOf(one))
      }),
    )
  })

  it('changes with every change', () => {
    fc.assert(
      fc.property(anySpec, anySpec, (a, b) => {
        const same = JSON.stringify(shuffled(sorted(a))) === JSON.stringify(shuffled(sorted(b)))
        expect(hashOf(object('A', { spec: a })) === hashOf(object('A', { spec: b }))).toBe(same)
      }),
    )
  })

  it('is not changed by carrying it', () => {
    const one = object('ConfigMap', { data: { a: 'b' } }, { annotations: { other: '1' } })
    expect(hashOf(withHash(one))).toBe(hashOf(one))
    expect(withHash(one).metadata.annotations).toMatchObject({ other: '1' })
  })

  it('is never carried by a Secret', () => {
    const secret = object('Secret', { data: { a: 'b' } })
    expect(withHash(secret)).toBe(secret)
  })
})

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (!value || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}

describe('the state of an object', () => {
  const wanted = object('ConfigMap', { data: { a: '1' } })

  it('is the same when the live one carries the hash, whatever the cluster added', () => {
    const live = { ...withHash(wanted), status: { x: 1 } }
    expect(stateOf(wanted, live)).toBe('same')
    expect(stateOf(object('ConfigMap', { data: { a: '2' } }), live)).toBe('different')
  })

  it('is absent when it is not there or on its way out', () => {
    expect(stateOf(wanted, undefined)).toBe('absent')
    expect(stateOf(wanted, object('ConfigMap', {}, { deletionTimestamp: 'now' }))).toBe('absent')
  })

  it('compares Secrets by value, written either way, and sees a key too many', () => {
    const secret = object('Secret', { stringData: { a: 'b' } })
    expect(stateOf(secret, object('Secret', { data: { a: 'Yg==' } }))).toBe('same')
    expect(stateOf(secret, object('Secret', { data: { a: 'Yw==' } }))).toBe('different')
    expect(stateOf(secret, object('Secret', { data: { a: 'Yg==', old: 'Yg==' } }))).toBe('different')
  })

  it('leaves an empty Secret of a release to its controller', () => {
    expect(stateOf(object('Secret'), object('Secret', { data: { 'tls.crt': 'x' } }))).toBe('same')
  })
})

describe('finding the live counterpart', () => {
  it('finds a cluster-scoped custom resource that kustomize gave a namespace', () => {
    const live = object('ClusterIssuer', {}, { name: 'local-ca', namespace: undefined })
    expect(lookup([live])(object('ClusterIssuer', {}, { name: 'local-ca' }))).toBe(live)
  })

  it('finds what names no namespace in the default one, and nothing in another', () => {
    const live = object('ConfigMap', {}, { namespace: 'default' })
    expect(lookup([live])(object('ConfigMap', {}, { namespace: undefined }))).toBe(live)
    expect(lookup([live])(object('ConfigMap', {}, { namespace: 'other' }))).toBeUndefined()
  })
})

describe('reading built manifests', () => {
  it('skips empty documents and reads file modes as Kubernetes does', () => {
    const text = '---\n# nothing\n---\nkind: Deployment\nmetadata: {name: a}\nmode: 0644\nten: 10\ntext: "0644"\n'
    expect(parseManifests(text)).toEqual([
      { kind: 'Deployment', metadata: { name: 'a' }, mode: 420, ten: 10, text: '0644' },
    ])
  })

  it('refuses what is no YAML', () => {
    expect(() => parseManifests('a: [')).toThrow(expect.objectContaining({ code: 'TOOL_FAILED' }))
  })
})

const deployment = (status: Record<string, unknown>, spec = { replicas: 2 }) =>
  object('Deployment', { spec, status: { observedGeneration: 2, ...status } }, { generation: 2 })

describe('readiness', () => {
  it('takes a Deployment as ready when all its new pods are available and the old ones gone', () => {
    expect(readiness(deployment({ replicas: 2, updatedReplicas: 2, availableReplicas: 2 })).ready).toBe(true)
    expect(readiness(deployment({ replicas: 3, updatedReplicas: 2, availableReplicas: 3 })).ready).toBe(false)
    expect(readiness(deployment({ replicas: 2, updatedReplicas: 2, availableReplicas: 1 })).reason).toBe(
      '1 of 2 pods ready',
    )
    expect(readiness(deployment({}, { replicas: 0 })).ready).toBe(true)
  })

  it('says when a Deployment makes no progress', () => {
    const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }]
    expect(readiness(deployment({ replicas: 2, conditions })).reason).toBe('0 of 2 pods ready, no progress for a while')
  })

  it.each(['Deployment', 'StatefulSet', 'DaemonSet'])('does not trust the status of an older %s', (kind) => {
    const status = {
      observedGeneration: 1,
      replicas: 1,
      updatedReplicas: 1,
      availableReplicas: 1,
      readyReplicas: 1,
      desiredNumberScheduled: 1,
      numberReady: 1,
      updatedNumberScheduled: 1,
    }
    expect(readiness(object(kind, { status }, { generation: 1 })).ready).toBe(true)
    expect(readiness(object(kind, { status }, { generation: 2 }))).toMatchObject({
      ready: false,
      reason: 'not seen by the cluster yet',
    })
  })

  it('waits until a StatefulSet has replaced its pods', () => {
    const status = { readyReplicas: 1, updateRevision: 'b', currentRevision: 'a' }
    expect(readiness(object('StatefulSet', { status })).reason).toBe('its pods are being replaced')
    expect(readiness(object('StatefulSet', { status: { ...status, currentRevision: 'b' } })).ready).toBe(true)
  })

  it('wants a DaemonSet on at least one machine', () => {
    expect(readiness(object('DaemonSet', { status: { desiredNumberScheduled: 0 } })).reason).toBe(
      'no machine may run it yet',
    )
    const status = { desiredNumberScheduled: 3, numberReady: 3, updatedNumberScheduled: 2 }
    expect(readiness(object('DaemonSet', { status })).reason).toBe('2 of 3 pods ready')
  })

  it('tells a Job that failed from one that runs', () => {
    expect(readiness(object('Job', { status: { active: 1 } }))).toEqual({ ready: false, reason: 'still running' })
    const failed = [{ type: 'Failed', status: 'True', message: 'Job has reached the specified backoff limit' }]
    expect(readiness(object('Job', { status: { conditions: failed } }))).toEqual({
      ready: false,
      failed: true,
      reason: 'it failed: Job has reached the specified backoff limit',
    })
    expect(readiness(object('Job', { status: { conditions: [{ type: 'Complete', status: 'True' }] } })).ready).toBe(
      true,
    )
  })

  it('reads conditions, volumes, and leaves the rest as it is', () => {
    const established = { conditions: [{ type: 'Established', status: 'True' }] }
    expect(readiness(object('CustomResourceDefinition', { status: established })).ready).toBe(true)
    expect(readiness(object('CustomResourceDefinition')).reason).toBe('not established yet')
    const refused = { conditions: [{ type: 'Ready', status: 'False', message: 'no such zone' }] }
    expect(readiness(object('Certificate', { status: refused })).reason).toBe('no such zone')
    expect(readiness(object('ClusterIssuer')).reason).toBe('not ready yet')
    expect(readiness(object('PersistentVolumeClaim', { status: { phase: 'Pending' } })).reason).toBe('volume pending')
    expect(readiness(object('ConfigMap')).ready).toBe(true)
  })
})

describe('a declared check', () => {
  const check = (kind: string, condition: ReadyCheck['condition'], rest = {}): ReadyCheck => ({
    kind,
    name: 'x',
    condition,
    timeoutSeconds: 60,
    ...rest,
  })

  it('waits for an address of a load balancer', () => {
    const balancer = (ingress?: unknown[]) => object('Service', { status: { loadBalancer: { ingress } } })
    expect(checkReady(check('Service', 'LoadBalancer'), balancer()).reason).toBe('no address yet')
    expect(checkReady(check('Service', 'LoadBalancer'), balancer([{ ip: '10.0.0.80' }])).ready).toBe(true)
  })

  it('is content with existence when it says so, and never with absence', () => {
    expect(checkReady(check('StorageClass', 'Exists'), object('StorageClass')).ready).toBe(true)
    expect(checkReady(check('StorageClass', 'Exists'), undefined).reason).toBe('not there yet')
  })

  it('reads the named condition of kinds it does not know', () => {
    const gateway = (status: string) => object('Gateway', { status: { conditions: [{ type: 'Ready', status }] } })
    expect(checkReady(check('Gateway', 'Ready'), gateway('False')).ready).toBe(false)
    expect(checkReady(check('Gateway', 'Ready'), gateway('True')).ready).toBe(true)
  })

  it('asks for the right version, in a namespace only where there is one', () => {
    expect(probeOf(check('Deployment', 'Available'), 'ghost')).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'x', namespace: 'ghost' },
    })
    expect(keyOf(probeOf(check('ClusterIssuer', 'Ready'), 'cert-manager'))).toBe('ClusterIssuer x')
    expect(probeOf(check('Certificate', 'Ready', { namespace: 'a' }), 'b').metadata.namespace).toBe('a')
  })
})
