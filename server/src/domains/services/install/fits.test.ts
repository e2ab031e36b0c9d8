import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Entry, ServiceManifest } from '../../catalog/index.ts'
import { aContext } from '../../nodes/testing/run-steps.ts'
import { aHousehold } from '../testing/a-household.ts'
import { asksOfCluster, fitsStep } from './fits.ts'
import { createServiceWorld } from './world.ts'

const manifest = {
  name: 'disks',
  title: 'Disks',
  version: 'v1.13.0',
  namespace: 'disks',
  apply: [],
  kubernetes: '1.34',
  follows: { kind: 'DaemonSet', name: 'disks-manager', oldest: '1.12' },
}

describe('whether a service fits the cluster', () => {
  let home: ReturnType<typeof aHousehold>
  beforeEach(() => {
    home = aHousehold()
  })
  afterEach(() => home.close())

  /** What the step says in a cluster whose API server, kubelets and service are of these versions. */
  async function told(server: string, kubelets: string[], image?: string, wanted: object = manifest): Promise<string> {
    const entry = {
      folder: join(home.folder, 'x'),
      local: false,
      manifest: wanted,
    } as unknown as Entry<ServiceManifest>
    const nodes = kubelets.map((kubeletVersion, at) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: `n${at}` },
      status: { nodeInfo: { kubeletVersion } },
    }))
    const workload = {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'disks-manager' },
      spec: { template: { spec: { containers: [{ name: 'm', image }] } } },
    }
    const { context } = aContext(async ({ args }) => {
      const answer = args.includes('version')
        ? { serverVersion: { gitVersion: server } }
        : {
            apiVersion: 'v1',
            kind: 'List',
            items: args.includes('nodes') ? nodes : image === undefined ? [] : [workload],
          }
      return { exitCode: 0, stdout: JSON.stringify(answer), stderr: '' } as never
    })
    const step = fitsStep(createServiceWorld(home.deps, 'home', entry, false))
    try {
      await step.needs!(context)
      return String(await step.done!(context))
    } catch (error) {
      return (error as Error).message
    }
  }

  it.each([
    ['nothing of it is there', undefined],
    ['the same runs', 'maker/disks:v1.13.0'],
    ['a later patch runs', 'maker/disks:v1.13.4'],
    ['the minor version before runs', 'registry.example.com:5000/maker/disks:v1.12.1'],
    ['an image without a tag tells nothing', 'registry.example.com:5000/maker/disks'],
  ])('it does where %s', async (_, image) => {
    expect(await told('v1.34.1', ['v1.34.1', 'v1.35.0'], image)).toBe('it does')
  })

  it.each(['maker/disks:v1.8.1', 'maker/disks:v1.11.3@sha256:00'])('it takes not the place of %s', async (image) => {
    expect(await told('v1.34.1', ['v1.34.1'], image)).toMatch(/v1\.13\.0 takes the place of 1\.12 or later only/)
  })

  it('it takes not the place of a newer one', async () => {
    expect(await told('v1.34.1', ['v1.34.1'], 'maker/disks:v1.14.0')).toMatch(/v1\.14\.0 runs .* never goes back/)
  })

  it.each([
    ['v1.33.5', ['v1.33.5']],
    ['v1.35.0', ['v1.35.0', 'v1.33.9', 'v1.34.0']],
  ])('it needs a newer Kubernetes than %s with %s', async (server, kubelets) => {
    expect(await told(server, kubelets)).toMatch(/needs Kubernetes 1\.34, and this cluster runs v1\.33\.\d\./)
  })

  it('is asked only of services that say so', async () => {
    const { kubernetes: _, follows: __, ...plain } = manifest
    expect(asksOfCluster(plain as unknown as ServiceManifest)).toBe(false)
    expect(await told('v1.20.0', ['v1.20.0'], 'maker/disks:v1.1.0', plain)).toBe('it does')
    expect(asksOfCluster({ ...plain, kubernetes: '1.34' } as unknown as ServiceManifest)).toBe(true)
  })
})
