import { beforeEach, describe, expect, it } from 'vitest'
import { WildError } from '../../platform/errors.ts'
import type { KubeObject } from '../../tools/kubectl.ts'
import { aContext } from '../nodes/testing/run-steps.ts'
import { applyStep } from './apply.ts'
import { withHash } from './model.ts'
import { fakeCluster } from './testing/fake-cluster.ts'

const at = { name: 'ghost', namespace: 'ghost' }
const deployment: KubeObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: at, spec: { replicas: 1 } }
const job: KubeObject = { apiVersion: 'batch/v1', kind: 'Job', metadata: { ...at, name: 'init' } }
const running = { status: { replicas: 1, updatedReplicas: 1, availableReplicas: 1 } }
const complete = { status: { conditions: [{ type: 'Complete', status: 'True' }] } }
const failed = { status: { conditions: [{ type: 'Failed', status: 'True', message: 'backoff limit' }] } }
const stuckPod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { ...at, name: 'ghost-1' },
  status: {
    containerStatuses: [{ name: 'g', image: 'x:1', restartCount: 0, state: { waiting: { reason: 'ErrImagePull' } } }],
  },
}
const endedPod: KubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { ...at, name: 'init-1' },
  status: { containerStatuses: [{ name: 'i', image: 'x', restartCount: 0, state: { terminated: { exitCode: 3 } } }] },
}

describe('making a set of objects so', () => {
  let cluster: ReturnType<typeof fakeCluster>
  let between: () => Promise<void>
  const stepOf = (objects: KubeObject[], options: { force?: boolean; seconds?: number } = {}) =>
    applyStep({
      name: 'start',
      title: 'Starting Ghost',
      of: 'Ghost',
      namespace: 'ghost',
      kubectl: () => cluster.kubectl,
      objects: async () => objects,
      ready: [
        { kind: 'Deployment', name: 'ghost', condition: 'Available', timeoutSeconds: options.seconds ?? 60 },
      ].slice(objects.some(({ kind }) => kind === 'Deployment') ? 0 : 1) as never,
      force: options.force,
    })
  const world = () => aContext(cluster.run, () => between())

  beforeEach(() => {
    cluster = fakeCluster([])
    between = async () => undefined
  })

  it('applies with a hash, waits, and has nothing to do afterwards', async () => {
    between = async () => cluster.put({ ...withHash(deployment), ...running })
    const { context } = world()
    expect(await stepOf([deployment]).done!(context)).toBe(false)
    await stepOf([deployment]).run(context)
    expect(cluster.applied).toEqual([withHash(deployment)])
    expect(await stepOf([deployment]).done!(context)).toBe(true)
  })

  it('only waits for what is applied but not ready yet', async () => {
    cluster.put(withHash(deployment))
    between = async () => cluster.put({ ...withHash(deployment), ...running })
    await stepOf([deployment]).run(world().context)
    expect(cluster.applied).toEqual([])
  })

  it('has nothing to do for nothing', async () => {
    expect(await stepOf([]).done!(world().context)).toBe('nothing to apply')
  })

  it('runs a finished Job of this hash once, one of another hash again', async () => {
    cluster.put({ ...withHash(job), ...complete })
    expect(await stepOf([job]).done!(world().context)).toBe(true)
    const changed = { ...job, spec: { template: 1 } }
    between = async () => cluster.put({ ...withHash(changed), ...complete })
    await stepOf([changed]).run(world().context)
    expect(cluster.deleted).toEqual(['job ghost/init'])
  })

  it('leaves a Job that still runs alone and waits for it', async () => {
    cluster.put(withHash(job))
    between = async () => cluster.put({ ...withHash(job), ...complete })
    await stepOf([job]).run(world().context)
    expect(cluster.deleted).toEqual([])
  })

  it('tells why a Job failed, with the last lines of its log', async () => {
    between = async () => cluster.put({ ...withHash(job), ...failed })
    cluster.put(endedPod)
    cluster.say('connecting\naccess denied\n')
    const { context, said } = world()
    await expect(stepOf([job]).run(context)).rejects.toMatchObject({
      code: 'OPERATION_FAILED',
      message: 'Job ghost/init: it failed: backoff limit. Pod init-1: it ended with exit code 3. Its log says why.',
    })
    expect(said).toEqual(['The last lines of pod init-1:', '  connecting', '  access denied'])
  })

  it('starts a failed Job anew when it is run again', async () => {
    cluster.put({ ...withHash(job), ...failed })
    const { context } = world()
    expect(await stepOf([job]).done!(context)).toBe(false)
    between = async () => cluster.put({ ...withHash(job), ...complete })
    await stepOf([job]).run(context)
    expect(cluster.deleted).toEqual(['job ghost/init'])
    expect(cluster.applied).toEqual([withHash(job)])
  })

  it('runs Jobs again when it is forced to', async () => {
    cluster.put({ ...withHash(job), ...complete })
    between = async () => cluster.put({ ...withHash(job), ...complete })
    const step = stepOf([job], { force: true })
    expect(await step.done!(world().context)).toBe(false)
    await step.run(world().context)
    expect(cluster.deleted).toEqual(['job ghost/init'])
  })

  it('gives up in time and says what the pods say', async () => {
    cluster.put(stuckPod)
    await expect(stepOf([deployment], { seconds: 10 }).run(world().context)).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringMatching(
        /Ghost to be ready: Deployment ghost\/ghost: 0 of 1 pods ready\. Pod ghost-1: the image x:1 cannot be pulled/,
      ),
    })
  })

  it('applies again while a webhook that was just installed is not up', async () => {
    const output = 'failed calling webhook "x": dial tcp 10.96.0.7:443: connect: connection refused'
    cluster.failures.apply = [new WildError('TOOL_FAILED', 'kubectl apply failed', { output })]
    cluster.put({ ...deployment, ...running })
    await stepOf([deployment]).run(world().context)
    expect(cluster.applied).toHaveLength(1)
  })

  it('does not repeat what was refused', async () => {
    cluster.failures.apply = [new WildError('TOOL_FAILED', 'field is immutable', { output: 'field is immutable' })]
    await expect(stepOf([deployment]).run(world().context)).rejects.toMatchObject({ code: 'TOOL_FAILED' })
    expect(cluster.applied).toEqual([])
  })

  it('sits out a moment in which the cluster does not answer', async () => {
    cluster.put({ ...withHash(deployment) })
    let moments = 0
    between = async () => {
      if (moments++ === 0) cluster.failures.get = [new WildError('CLUSTER_UNREACHABLE', 'silent')]
      else cluster.put({ ...withHash(deployment), ...running })
    }
    await stepOf([deployment]).run(world().context)
    expect(moments).toBe(2)
  })
})
