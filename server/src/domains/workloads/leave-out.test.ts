import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { KubeObject } from '../../tools/kubectl.ts'
import { isSpare, leaveOut, leftOut } from './leave-out.ts'

const object = (apiVersion: string, kind: string, name: string, namespace?: string): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace ? { namespace } : {}) },
})

describe('an object that a workload does without', () => {
  let folder: string
  const place = (text: string) => writeFileSync(join(folder, 'kustomization.yaml'), text)
  const text = () => readFileSync(join(folder, 'kustomization.yaml'), 'utf8')

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wild-leave-out-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('gets a patch that says why, behind what is there, which stays as it is written', async () => {
    const before = `# As it was
resources: [upstream/release.yaml]
patches:
  - target: { kind: Deployment, name: web } # flowing
    patch: |-
      - op: remove
        path: /spec/replicas
`
    place(before)
    await leaveOut(folder, object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'pools.metallb.io'))
    expect(
      text(),
    ).toBe(`${before}  # CustomResourceDefinition pools.metallb.io was deleted in the cluster, and that was taken over. Without this patch it is made again.
  - target:
      group: apiextensions.k8s.io
      version: v1
      kind: CustomResourceDefinition
      name: pools\\.metallb\\.io
    patch: |-
      $patch: delete
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata:
        name: pools.metallb.io
`)
    expect(await leftOut({ kustomizations: [folder, join(folder, 'none')] })).toEqual([
      'CustomResourceDefinition pools.metallb.io',
    ])
  })

  it('gets it between what is there', async () => {
    place('patches:\n- path: one.yaml\n\n# What it is made of\nresources: [all.yaml]\n')
    await leaveOut(folder, object('v1', 'ConfigMap', 'settings'))
    expect(
      text()
        .split('\n')
        .filter((line) => /^(-|[a-z#])/.test(line)),
    ).toEqual([
      'patches:',
      '- path: one.yaml',
      '# ConfigMap settings was deleted in the cluster, and that was taken over. Without this patch it is made again.',
      '- target:',
      '# What it is made of',
      'resources: [all.yaml]',
    ])
    expect(await leftOut({ kustomizations: [folder] })).toEqual(['ConfigMap settings'])
  })

  it('gets none in a list that is one line: that is refused, and nothing is written', async () => {
    place('patches: []\n')
    await expect(leaveOut(folder, object('v1', 'ConfigMap', 'settings'))).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    })
    expect(text()).toBe('patches: []\n')
  })

  it('is told apart by its namespace, unless one namespace is written into all', async () => {
    const config = object('v1', 'ConfigMap', 'settings', 'web')
    place('resources: [all.yaml]\n')
    await leaveOut(folder, config)
    expect(text()).toContain('namespace: web')
    place('namespace: web\nresources: [all.yaml]\n')
    await leaveOut(folder, config)
    expect(text()).not.toContain('      namespace: web')
  })

  it('is none that it is judged by, nor its namespace', () => {
    const check = { kind: 'Deployment', name: 'web', condition: 'Available' as const, timeoutSeconds: 60 }
    const workload = { checks: [check], namespace: 'web' }
    expect(isSpare(workload, object('apps/v1', 'Deployment', 'web', 'web'))).toBe(false)
    expect(isSpare(workload, object('apps/v1', 'Deployment', 'helper', 'web'))).toBe(true)
    expect(isSpare(workload, object('v1', 'Namespace', 'web'))).toBe(false)
  })
})
