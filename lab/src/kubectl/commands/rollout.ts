import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError } from '../errors.ts'
import { bool, duration, type Flags, known, list, text } from '../flags.ts'
import { pathOf, shownName } from '../mapper.ts'
import type { Session } from '../session.ts'
import { readTargets } from '../targets.ts'

export const rolloutFlags: Record<string, Flags> = {
  status: {
    filename: list('f'),
    revision: text(),
    selector: text('l'),
    timeout: text(),
    watch: bool('w'),
    ...known('kustomize recursive!'),
  },
  restart: {
    'field-manager': text(),
    filename: list('f'),
    selector: text('l'),
    ...known('allow-missing-template-keys! kustomize output recursive! show-managed-fields! template'),
  },
}

const lookEvery = 100

// biome-ignore lint/suspicious/noExplicitAny: objects come as JSON of any shape
type Json = any

/** What to tell, and whether that is the end. */
type Progress = { message: string; done: boolean }

const waiting = (message: string): Progress => ({ message: `${message}\n`, done: false })

function deployment({ metadata, spec, status = {} }: Json): Progress {
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = status
  const stuck = (status.conditions ?? []).find(
    (one: Json) => one.type === 'Progressing' && one.reason === 'ProgressDeadlineExceeded',
  )
  if (stuck) throw new CommandError(`deployment "${metadata.name}" exceeded its progress deadline`)
  const start = `Waiting for deployment "${metadata.name}" rollout to finish: `
  if (updatedReplicas < spec.replicas)
    return waiting(`${start}${updatedReplicas} out of ${spec.replicas} new replicas have been updated...`)
  if (replicas > updatedReplicas)
    return waiting(`${start}${replicas - updatedReplicas} old replicas are pending termination...`)
  if (availableReplicas < updatedReplicas)
    return waiting(`${start}${availableReplicas} of ${updatedReplicas} updated replicas are available...`)
  return { message: `deployment "${metadata.name}" successfully rolled out\n`, done: true }
}

function statefulSet({ spec, status = {} }: Json): Progress {
  const { readyReplicas = 0, updatedReplicas = 0, updateRevision, currentRevision } = status
  if (readyReplicas < spec.replicas) return waiting(`Waiting for ${spec.replicas - readyReplicas} pods to be ready...`)
  if (updateRevision !== currentRevision)
    return waiting(
      `waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${updateRevision}...`,
    )
  return {
    message: `statefulset rolling update complete ${updatedReplicas} pods at revision ${currentRevision}...\n`,
    done: true,
  }
}

function daemonSet({ metadata, status = {} }: Json): Progress {
  const { updatedNumberScheduled = 0, desiredNumberScheduled = 0, numberAvailable = 0 } = status
  const start = `Waiting for daemon set "${metadata.name}" rollout to finish: `
  if (updatedNumberScheduled < desiredNumberScheduled)
    return waiting(`${start}${updatedNumberScheduled} out of ${desiredNumberScheduled} new pods have been updated...`)
  if (numberAvailable < desiredNumberScheduled)
    return waiting(`${start}${numberAvailable} of ${desiredNumberScheduled} updated pods are available...`)
  return { message: `daemon set "${metadata.name}" successfully rolled out\n`, done: true }
}

const viewers: Record<string, (object: Json) => Progress> = {
  Deployment: deployment,
  StatefulSet: statefulSet,
  DaemonSet: daemonSet,
}

function progress(object: Json): Progress {
  const view = viewers[object.kind]
  if (view === undefined) throw new CommandError(`no status viewer has been implemented for ${object.kind}`)
  if ((object.status?.observedGeneration ?? 0) < object.metadata.generation)
    return waiting(`Waiting for ${object.kind.toLowerCase()} spec update to be observed...`)
  return view(object)
}

/** `rollout status`: tells each change until the rollout is over. Exit 1 when the time is over. */
export async function rolloutStatus(session: Session): Promise<void> {
  const { flags } = session
  const patience = duration(flags.text('timeout') ?? '0s', 'timeout')
  const end = patience === 0 ? Number.POSITIVE_INFINITY : Date.now() + patience
  const client = await session.client()
  for (const { mapping, name } of await readTargets(session, flags.args)) {
    if (name === undefined) throw new CommandError('required resource not specified')
    for (let last = ''; ; await sleep(lookEvery)) {
      const { message, done } = progress(await client.json({ path: pathOf(mapping, await session.namespace(), name) }))
      if (message !== last) session.out(message)
      last = message
      if (done || flags.text('watch') === 'false') break
      if (Date.now() >= end) throw new CommandError('timed out waiting for the condition')
    }
  }
}

/** `rollout restart`: marks the pod template, so that all pods are made anew. */
export async function rolloutRestart(session: Session): Promise<void> {
  const client = await session.client()
  for (const { mapping, name } of await readTargets(session, session.flags.args)) {
    if (name === undefined) throw new CommandError('required resource not specified')
    if (!Object.hasOwn(viewers, mapping.kind))
      throw new CommandError(`${mapping.plural} "${name}" restarting is not supported`)
    const annotations = { 'kubectl.kubernetes.io/restartedAt': `${new Date().toISOString().slice(0, 19)}Z` }
    const body = JSON.stringify({ spec: { template: { metadata: { annotations } } } })
    const query = { fieldManager: session.flags.text('field-manager') ?? 'kubectl-rollout' }
    await client.text({
      method: 'PATCH',
      path: pathOf(mapping, await session.namespace(), name),
      query,
      contentType: 'application/strategic-merge-patch+json',
      body,
    })
    session.out(`${shownName(mapping, name)} restarted\n`)
  }
}
