import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WildError } from '../../platform/errors.ts'
import type { InstancePaths } from '../../platform/paths.ts'
import type { RunTool } from '../../platform/run-tool.ts'
import type { ReadyCheck } from '../catalog/index.ts'
import { judge, type Live, readLive } from './live.ts'
import { keyOf } from './model.ts'
import { readPod } from './pods.ts'

const check: ReadyCheck = { kind: 'Deployment', name: 'ghost', condition: 'Available', timeoutSeconds: 60 }
const deployment = (ready: number) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'ghost', namespace: 'ghost' },
  spec: { replicas: 1 },
  status: { replicas: 1, updatedReplicas: 1, availableReplicas: ready },
})
const pod = (image: string, reason?: string, ready = false) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'ghost-1', namespace: 'ghost' },
  status: {
    phase: 'Pending',
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    containerStatuses: [{ name: 'ghost', image, restartCount: 0, state: reason ? { waiting: { reason } } : {} }],
  },
})

function answering(objects: ReturnType<typeof deployment>[], pods: ReturnType<typeof pod>[] = []): Live {
  return {
    cluster: 'answers',
    byKey: new Map(objects.map((object) => [keyOf(object), object])),
    pods: pods.map((one) => readPod(one)),
    stuck: [],
  }
}

const idle = { configured: true, busy: false }
const judged = (live: Live, options = idle) => judge([check], 'ghost', live, options)
const nowhere = { byKey: new Map(), pods: [], stuck: [] }

describe('how something is doing', () => {
  it('is not installed or configured while there is no cluster, or nothing of it in the cluster', () => {
    for (const live of [{ cluster: 'absent', ...nowhere } as Live, answering([])]) {
      expect(judged(live, { configured: false, busy: false })).toEqual({ status: 'not_installed' })
      expect(judged(live)).toEqual({ status: 'configured' })
    }
  })

  it('is running when every check of a workload holds, also while it is deployed again', () => {
    expect(judged(answering([deployment(1)]))).toEqual({ status: 'running' })
    expect(judged(answering([deployment(1)]), { configured: true, busy: true })).toEqual({ status: 'running' })
  })

  it('is deploying while an operation works on it', () => {
    expect(judged(answering([deployment(0)]), { configured: true, busy: true })).toEqual({ status: 'deploying' })
    expect(judged(answering([]), { configured: false, busy: true })).toEqual({ status: 'deploying' })
  })

  it('is degraded with what is missing', () => {
    expect(judged(answering([deployment(0)]))).toEqual({
      status: 'degraded',
      trouble: 'Deployment ghost: 0 of 1 pods ready.',
    })
  })

  it('has failed when nothing of it runs and a pod says why', () => {
    expect(judged(answering([deployment(0)], [pod('x:1', 'ErrImagePull')]))).toMatchObject({
      status: 'failed',
      trouble: expect.stringContaining('the image x:1 cannot be pulled'),
    })
    expect(judged(answering([deployment(0)], [pod('x:1', 'ErrImagePull'), pod('y', undefined, true)])).status).toBe(
      'degraded',
    )
  })

  it('has failed when a Job that comes before it is stuck, while nothing of it is there', () => {
    const stuck = [
      { namespace: 'other', trouble: 'Not ours.' },
      { namespace: 'ghost', trouble: 'Job ghost/init: it failed.' },
    ]
    expect(judged({ ...answering([]), stuck })).toEqual({ status: 'failed', trouble: 'Job ghost/init: it failed.' })
    expect(judged({ ...answering([]), stuck }, { configured: false, busy: false })).toEqual({ status: 'not_installed' })
    expect(judged({ ...answering([]), stuck }, { configured: true, busy: true })).toEqual({ status: 'deploying' })
    expect(judged({ ...answering([deployment(1)]), stuck })).toEqual({ status: 'running' })
  })

  it('is degraded when the cluster is silent, unless it never was there', () => {
    const silent: Live = { cluster: 'silent', ...nowhere }
    expect(judged(silent)).toEqual({ status: 'degraded', trouble: 'The cluster does not answer.' })
    expect(judged(silent, { configured: false, busy: false })).toEqual({ status: 'not_installed' })
  })
})

describe('reading what runs', () => {
  let folder: string
  const places = (name: string) => ({ kubeconfig: join(folder, name), home: folder }) as InstancePaths

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'wild-live-'))
    for (const name of ['good', 'dead', 'toolless']) writeFileSync(join(folder, name), '')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('asks nobody where there is no cluster', async () => {
    expect(await readLive(() => Promise.reject(new Error('called')), places('absent'))).toMatchObject({
      cluster: 'absent',
    })
  })

  it('tells what has no workload of its own by its mark alone', () => {
    const marked = { ...check, kind: 'ConfigMap', condition: 'Exists' as const }
    const mark = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ghost', namespace: 'ghost' } }
    const status = (objects: object[]) =>
      judge([marked, check], 'ghost', answering(objects as ReturnType<typeof deployment>[]), idle).status
    expect(status([deployment(1)])).toBe('configured')
    expect(status([deployment(1), mark])).toBe('running')
    expect(status([mark])).toBe('degraded')
  })

  it('says of what consists of settings that it runs once they are there', () => {
    expect(judge([], 'mail', answering([]), idle).status).toBe('running')
    expect(judge([], 'mail', answering([]), { configured: false, busy: false }).status).toBe('not_installed')
  })

  it('asks once for all who ask at the same time', async () => {
    let calls = 0
    const stdout = JSON.stringify({ kind: 'List', items: [deployment(1), pod('x')] })
    const run: RunTool = async ({ args }) => {
      calls++
      return { stdout: args.includes('configmaps') ? '' : stdout, stderr: '', exitCode: 0 }
    }
    const [one, two] = await Promise.all([readLive(run, places('good')), readLive(run, places('good'))])
    expect(one).toBe(two)
    // Workloads and pods, and the marks.
    expect(calls).toBe(2)
    expect(one.byKey.has('Deployment ghost/ghost')).toBe(true)
    expect(one.pods).toHaveLength(1)
  })

  it('never throws for a dead cluster, and says when the tool is what is missing', async () => {
    const dead = async () => Promise.reject(new WildError('CLUSTER_UNREACHABLE', 'x'))
    expect(await readLive(dead, places('dead'))).toMatchObject({
      cluster: 'silent',
      why: 'The cluster does not answer.',
    })
    const toolless = async () => Promise.reject(new WildError('TOOL_MISSING', 'kubectl is not installed.'))
    expect((await readLive(toolless, places('toolless'))).why).toBe('kubectl is not installed.')
  })
})
