import type { KubeObject } from '../objects.ts'
import { type Condition, conditionOf, isTrue, timestamp, withCondition } from './conditions.ts'
import type { ControllerContext, Reconciler } from './context.ts'
import { controlledBy, randomSuffix } from './owners.ts'
import { createPod } from './pod-factory.ts'
import { isFinished, isReady } from './pod-state.ts'

const component = 'job-controller'

const hasEnded = (job: KubeObject): boolean => isTrue(job, 'Complete') || isTrue(job, 'Failed')

function addPod(context: ControllerContext, job: KubeObject): void {
  const generateName = `${job.metadata.name}-`
  const name = generateName + randomSuffix()
  const uid = job.metadata.uid ?? ''
  const labels = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': job.metadata.name,
    'controller-uid': uid,
    'job-name': job.metadata.name,
  }
  const refusal = createPod(context, { owner: job, template: job.spec.template, name, generateName, labels })
  if (refusal === undefined) context.record(job, 'Normal', 'SuccessfulCreate', `Created pod: ${name}`, component)
  else context.record(job, 'Warning', 'FailedCreate', `Error creating: ${refusal}`, component)
}

interface Outcome {
  type: 'Complete' | 'Failed'
  reason: string
  message: string
}

/** How many times containers of the job ended badly: failed pods, and restarts inside pods that are tried again. */
const failuresOf = (pods: KubeObject[]): number =>
  pods.reduce((total, pod) => {
    const restarts = (pod.status?.containerStatuses ?? []) as { restartCount?: number }[]
    const restarted = restarts.reduce((count, { restartCount = 0 }) => count + restartCount, 0)
    return total + (pod.status?.phase === 'Failed' ? 1 : 0) + (pod.spec.restartPolicy === 'OnFailure' ? restarted : 0)
  }, 0)

function outcomeOf(context: ControllerContext, job: KubeObject, pods: KubeObject[]): Outcome | undefined {
  const succeeded = pods.filter(({ status }) => status?.phase === 'Succeeded').length
  if (succeeded >= (job.spec.completions ?? 1)) {
    return { type: 'Complete', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods' }
  }
  if (failuresOf(pods) > (job.spec.backoffLimit ?? 6)) {
    const message = 'Job has reached the specified backoff limit'
    return { type: 'Failed', reason: 'BackoffLimitExceeded', message }
  }
  const deadline = job.spec.activeDeadlineSeconds
  if (deadline !== undefined && context.moments.reached(job, 'deadline', deadline * 1000)) {
    return { type: 'Failed', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' }
  }
  return undefined
}

function statusOf(context: ControllerContext, job: KubeObject, pods: KubeObject[], outcome?: Outcome) {
  const now = context.clock.now()
  const active = pods.filter((pod) => !isFinished(pod))
  const count = (phase: string) => pods.filter(({ status }) => status?.phase === phase).length
  const status: Record<string, unknown> = {
    startTime: job.status?.startTime ?? timestamp(now),
    active: active.length,
    ready: active.filter(isReady).length,
    terminating: 0,
    succeeded: count('Succeeded'),
    failed: count('Failed'),
    uncountedTerminatedPods: {},
  }
  if (outcome === undefined) return status
  const { type, reason, message } = outcome
  const early = type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget'
  let conditions: Condition[] = withCondition(undefined, { type: early, status: 'True', reason, message }, now)
  conditions = withCondition(conditions, { type, status: 'True', reason, message }, now)
  return { ...status, conditions, ...(type === 'Complete' ? { completionTime: timestamp(now) } : {}) }
}

function end(context: ControllerContext, job: KubeObject, outcome: Outcome): void {
  const { objects, record } = context
  if (outcome.type === 'Complete') record(job, 'Normal', 'Completed', 'Job completed', component)
  else record(job, 'Warning', outcome.reason, outcome.message, component)
  const pods = controlledBy(job, objects.list('Pod', { namespace: job.metadata.namespace }))
  for (const pod of pods.filter((one) => !isFinished(one))) {
    objects.delete('Pod', pod.metadata.namespace, pod.metadata.name)
  }
}

function run(context: ControllerContext, job: KubeObject): void {
  const { objects, moments } = context
  const owned = () => controlledBy(job, objects.list('Pod', { namespace: job.metadata.namespace }))
  const outcome = outcomeOf(context, job, owned())
  if (outcome !== undefined) {
    end(context, job, outcome)
  } else if (job.spec.suspend !== true) {
    const pods = owned()
    const succeeded = pods.filter(({ status }) => status?.phase === 'Succeeded').length
    const active = pods.filter((pod) => !isFinished(pod)).length
    const wanted = Math.min(job.spec.parallelism ?? 1, (job.spec.completions ?? 1) - succeeded)
    const failed = failuresOf(pods)
    // The next try waits longer each time, as the real controller does.
    const rested =
      failed === 0 || moments.reached(job, 'retry', Math.min(10_000 * 2 ** (failed - 1), 360_000), `${failed}`)
    for (let count = active; rested && count < wanted; count += 1) addPod(context, job)
  }
  objects.updateStatus(job, statusOf(context, job, owned(), outcome))
}

function expire({ objects, moments }: ControllerContext, job: KubeObject): void {
  const seconds = job.spec.ttlSecondsAfterFinished
  if (seconds === undefined || conditionOf(job, 'Complete') === conditionOf(job, 'Failed')) return
  if (moments.reached(job, 'expiry', seconds * 1000)) objects.delete('Job', job.metadata.namespace, job.metadata.name)
}

/** Runs each Job to its end, and clears it away when its time is over. */
export const jobs: Reconciler = {
  name: 'jobs',
  watches: ['Job', 'Pod', 'Namespace', 'ServiceAccount'],
  reconcile: (context) => {
    for (const job of context.objects.list('Job')) {
      if (hasEnded(job)) expire(context, job)
      else run(context, job)
    }
  },
}
