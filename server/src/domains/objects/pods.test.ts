import { describe, expect, it } from 'vitest'
import type { KubeObject } from '../../tools/kubectl.ts'
import { lastingPods, readPod, troubledPods } from './pods.ts'

function pod(container: Record<string, unknown> | undefined, rest: Record<string, unknown> = {}, metadata = {}) {
  const status = { image: 'ghost:5', name: 'ghost', ready: false, restartCount: 3, ...container }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'ghost-1', namespace: 'ghost', ...metadata },
    status: { phase: 'Running', containerStatuses: container ? [status] : [], ...rest },
  } as KubeObject
}

const waiting = (reason: string, message = '') => ({ state: { waiting: { reason, message } } })

describe('a pod in plain words', () => {
  it('is ready with its restarts', () => {
    const ready = { conditions: [{ type: 'Ready', status: 'True' }] }
    expect(readPod(pod({ state: { running: {} } }, ready))).toMatchObject({
      name: 'ghost-1',
      status: 'Running',
      ready: true,
      restarts: 3,
      trouble: undefined,
    })
  })

  it.each([
    [
      waiting('ImagePullBackOff'),
      'Pod ghost-1: the image ghost:5 cannot be pulled. Check its name and the internet connection.',
    ],
    [waiting('InvalidImageName'), 'Pod ghost-1: the image name ghost:5 is not valid.'],
    [
      { ...waiting('CrashLoopBackOff'), lastState: { terminated: { exitCode: 2 } } },
      'Pod ghost-1: it starts and ends again and again (it ended with exit code 2). Its log says why.',
    ],
    [
      { ...waiting('CrashLoopBackOff'), lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } } },
      'Pod ghost-1: it starts and ends again and again (it needed more memory than it may have). Its log says why.',
    ],
    [
      waiting('CreateContainerConfigError', 'secret "x" not found'),
      'Pod ghost-1: its settings are incomplete: secret "x" not found.',
    ],
    [{ state: { terminated: { exitCode: 1 } } }, 'Pod ghost-1: it ended with exit code 1. Its log says why.'],
  ])('says what is wrong (%#)', (container, words) => {
    expect(readPod(pod(container)).trouble).toBe(words)
  })

  it('says why no machine takes it', () => {
    const conditions = [{ type: 'PodScheduled', status: 'False', message: '0/3 nodes are available.' }]
    expect(readPod(pod(undefined, { phase: 'Pending', conditions })).trouble).toBe(
      'Pod ghost-1 has no machine yet: 0/3 nodes are available.',
    )
  })

  it('takes starting up for normal', () => {
    expect(readPod(pod(waiting('ContainerCreating')))).toMatchObject({
      status: 'ContainerCreating',
      trouble: undefined,
    })
    expect(readPod(pod({ state: { terminated: { exitCode: 0 } } })).trouble).toBeUndefined()
  })

  it('tells one that is being ended', () => {
    expect(readPod(pod({}, {}, { deletionTimestamp: 'now' })).status).toBe('Terminating')
  })
})

describe('lists of pods', () => {
  const ofJob = pod({ state: { terminated: { exitCode: 1 } } }, {}, { ownerReferences: [{ kind: 'Job' }] })

  it('leave out those of jobs and those that ended', () => {
    expect(lastingPods([ofJob, pod({}, { phase: 'Succeeded' }), pod({})])).toHaveLength(1)
  })

  it('show those in trouble, jobs included, and whether a log says more', () => {
    expect(troubledPods([ofJob, pod(waiting('ErrImagePull')), pod({})])).toMatchObject([
      { name: 'ghost-1', ended: true },
      { name: 'ghost-1', ended: false },
    ])
  })
})
