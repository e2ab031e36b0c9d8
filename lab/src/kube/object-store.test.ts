import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSqliteStore } from '../sqlite-store.ts'
import type { LabStore } from '../store.ts'
import { createObjectStore } from './object-store.ts'
import type { KubeObject, ObjectEvent } from './objects.ts'

let directory: string
let store: LabStore
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wild-objects-'))
  store = openSqliteStore(join(directory, 'lab.db'))
})
afterEach(() => {
  store.close()
  rmSync(directory, { recursive: true })
})

const map = (name: string, more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'a' },
  ...more,
})

it('numbers every change, and content changes apart', () => {
  const objects = createObjectStore(store, 'c')
  const made = objects.create(map('m', { data: { x: '1' } }))
  expect(made.metadata).toMatchObject({ generation: 1, uid: expect.any(String), creationTimestamp: expect.any(String) })
  expect(objects.update(made)).toEqual(made)
  const changed = objects.update({ ...made, data: { x: '2' } })
  expect(changed.metadata.generation).toBe(2)
  expect(Number(changed.metadata.resourceVersion)).toBeGreaterThan(Number(made.metadata.resourceVersion))
  const labelled = objects.update({ ...changed, metadata: { ...changed.metadata, labels: { l: '1' } } })
  expect(labelled.metadata.generation).toBe(2)
  objects.updateStatus(labelled, { phase: 'x' })
  const last = objects.get('ConfigMap', 'a', 'm')!
  expect([last.status, last.metadata.generation]).toEqual([{ phase: 'x' }, 2])
  objects.updateStatus(last, { phase: 'x' })
  expect(objects.get('ConfigMap', 'a', 'm')).toEqual(last)
  expect(() => objects.create(map('m'))).toThrow('ConfigMap "m" already exists')
})

it('hands out copies', () => {
  const objects = createObjectStore(store, 'c')
  objects.create(map('m', { data: { x: '1' } }))
  objects.get('ConfigMap', 'a', 'm')!.data.x = 'changed'
  expect(objects.list('ConfigMap')[0]!.data).toEqual({ x: '1' })
})

it('deletes with everything that belongs to the object, and tells of each', () => {
  const objects = createObjectStore(store, 'c')
  objects.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } })
  const { uid } = objects.create(map('owner')).metadata
  const owned = {
    name: 'owned',
    namespace: 'b',
    ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: uid! }],
  }
  objects.create(map('owned', { metadata: owned }))
  objects.create(map('other', { metadata: { name: 'other', namespace: 'b' } }))
  const events: ObjectEvent[] = []
  objects.onEvent((event) => events.push(event))
  objects.delete('Namespace', undefined, 'a')
  expect(events.map(({ type, object }) => `${type} ${object.metadata.name}`)).toEqual([
    'DELETED a',
    'DELETED owner',
    'DELETED owned',
  ])
  expect(objects.list('ConfigMap').map(({ metadata }) => metadata.name)).toEqual(['other'])
})

it('goes on from what is stored', () => {
  const before = createObjectStore(store, 'c')
  const made = before.create(map('m'))
  const after = createObjectStore(store, 'c')
  expect(after.list('ConfigMap')).toEqual([made])
  const next = after.create(map('n'))
  expect(Number(next.metadata.resourceVersion)).toBe(Number(made.metadata.resourceVersion) + 1)
  expect(createObjectStore(store, 'other').list('ConfigMap')).toEqual([])
})

it('keeps custom kinds apart from built-in ones of the same name', () => {
  const objects = createObjectStore(store, 'c')
  objects.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'a' } })
  objects.create({
    apiVersion: 'longhorn.io/v1beta2',
    kind: 'Node',
    metadata: { name: 'a', namespace: 'longhorn-system' },
  })
  expect(objects.list('Node').map(({ apiVersion }) => apiVersion)).toEqual(['v1'])
  expect(objects.list('Node.longhorn.io').map(({ apiVersion }) => apiVersion)).toEqual(['longhorn.io/v1beta2'])
})
