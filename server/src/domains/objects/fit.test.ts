import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../tools/kubectl.ts'
import { lackOfRoom, missingStorage, takenHosts } from './fit.ts'
import { whyPending } from './pending.ts'
import { bytesText, quantity } from './quantity.ts'

function object(kind: string, name: string, rest: Record<string, unknown> = {}, namespace?: string): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, ...(namespace ? { namespace } : {}) }, ...rest }
}
const node = (name: string, cpu: string, memory: string, spec = {}) =>
  object('Node', name, { spec, status: { allocatable: { cpu, memory } } })
const podSpec = (cpu: string, memory: string) => ({ containers: [{ resources: { requests: { cpu, memory } } }] })
const deployment = (cpu: string, memory: string, replicas = 1) =>
  object('Deployment', 'ghost', { spec: { replicas, template: { spec: podSpec(cpu, memory) } } }, 'ghost')
const pod = (on: string, cpu: string, memory: string) =>
  object('Pod', 'p', { spec: { nodeName: on, ...podSpec(cpu, memory) } }, 'other')

describe('room for an app', () => {
  it('is there, or is told with what is needed and what is left', () => {
    const nodes = [node('a', '1', '1Gi'), node('b', '2', '2Gi')]
    expect(lackOfRoom(nodes, [], [deployment('500m', '512Mi', 2)])).toBeUndefined()
    expect(lackOfRoom(nodes, [pod('b', '1800m', '1Gi')], [deployment('500m', '768Mi', 2)])).toBe(
      'ghost needs 0.5 CPU and 768 MiB of memory; the machine with the most left, b, has 0.2 CPU and 1 GiB',
    )
    expect(lackOfRoom(nodes, [], [deployment('100m', '3Gi')])).toContain('ghost needs 0.1 CPU and 3 GiB of memory')
  })

  it('counts neither cordoned nor tainted machines, nor pods that have ended', () => {
    const shut = [
      node('a', '4', '8Gi', { unschedulable: true }),
      node('b', '4', '8Gi', { taints: [{ key: 'x', effect: 'NoSchedule' }] }),
    ]
    expect(lackOfRoom(shut, [], [deployment('1', '1Gi')])).toContain('no machine may run it')
    const done = { ...pod('a', '4', '8Gi'), status: { phase: 'Succeeded' } }
    expect(lackOfRoom([node('a', '4', '8Gi')], [done], [deployment('1', '1Gi')])).toBeUndefined()
  })
})

it('a volume without its storage class, and an address that is taken, are found', () => {
  const claim = (storageClassName?: string) =>
    object('PersistentVolumeClaim', 'data', { spec: { storageClassName } }, 'ghost')
  const longhorn = object('StorageClass', 'longhorn')
  expect(missingStorage([longhorn], [claim('longhorn')])).toEqual([])
  expect(missingStorage([longhorn], [claim('nfs'), claim()])).toEqual([
    'data wants the storage class nfs, which is not there',
    'data wants the default storage class, and there is none',
  ])
  const set = object('StatefulSet', 'mysql', { spec: { volumeClaimTemplates: [claim('longhorn'), claim('nfs')] } })
  expect(missingStorage([longhorn], [set])).toEqual(['data wants the storage class nfs, which is not there'])
  const ingress = (namespace: string, host: string) =>
    object('Ingress', 'web', { spec: { rules: [{ host }] } }, namespace)
  expect(takenHosts([ingress('blog', 'a.example')], [ingress('ghost', 'a.example')])).toEqual([
    { host: 'a.example', by: 'blog/web' },
  ])
  expect(takenHosts([ingress('ghost', 'a.example')], [ingress('ghost', 'a.example')])).toEqual([])
})

it.each([
  ['250m', 0.25],
  ['1.5Gi', 1.5 * 2 ** 30],
  ['1e3', 1000],
  [2, 2],
  ['nonsense', 0],
  [undefined, 0],
])('the quantity %s is %d', (text, value) => {
  expect(quantity(text)).toBeCloseTo(value)
})

it('bytes and the words of the scheduler are told to people', () => {
  expect([bytesText(0), bytesText(768 * 2 ** 20), bytesText(1.5 * 2 ** 30)]).toEqual(['0 bytes', '768 MiB', '1.5 GiB'])
  expect(whyPending('0/3 nodes are available: 1 Insufficient cpu, 2 Insufficient memory.')).toBe(
    'no machine has enough memory left; no machine has enough CPU left',
  )
  expect(whyPending('0/3 nodes are available.')).toBe('0/3 nodes are available')
})
