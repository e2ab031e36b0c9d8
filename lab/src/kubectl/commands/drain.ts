import { setTimeout as sleep } from 'node:timers/promises'
import { CommandError, ServerError } from '../errors.ts'
import { bool, duration, type Flags, known, text } from '../flags.ts'
import type { Session } from '../session.ts'

export const cordonFlags: Flags = { 'dry-run': text(undefined, 'unchanged'), ...known('selector') }
export const drainFlags: Flags = {
  'delete-emptydir-data': bool(),
  force: bool(),
  'ignore-daemonsets': bool(),
  timeout: text(),
  ...known('chunk-size disable-eviction! dry-run grace-period pod-selector selector skip-wait-for-delete-timeout'),
}

// biome-ignore lint/suspicious/noExplicitAny: objects come as JSON of any shape
type Json = any

/** How often kubectl looks whether a pod is gone. */
const lookEvery = 100
const nodePath = (name: string): string => `/api/v1/nodes/${encodeURIComponent(name)}`
const podPath = ({ metadata }: Json): string => `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}`

function onlyName({ flags }: Session, command: string): string {
  const [name, ...more] = flags.args.map((one) => one.replace(/^nodes?\//, ''))
  if (name === undefined || more.length > 0)
    throw new CommandError(`USAGE: ${command} NODE [flags]\nSee 'kubectl ${command} -h' for help and examples`)
  return name
}

async function setSchedulable(session: Session, name: string, unschedulable: boolean): Promise<void> {
  const client = await session.client()
  const node = await client.json({ path: nodePath(name) })
  const done = unschedulable ? 'cordoned' : 'uncordoned'
  if (Boolean(node.spec?.unschedulable) === unschedulable) return session.out(`node/${name} already ${done}\n`)
  const body = JSON.stringify({ spec: { unschedulable: unschedulable ? true : null } })
  await client.json({ method: 'PATCH', path: nodePath(name), body, contentType: 'application/merge-patch+json' })
  session.out(`node/${name} ${done}\n`)
}

/** `cordon`: no new pods come to the node. */
export const cordon = (session: Session): Promise<void> => setSchedulable(session, onlyName(session, 'cordon'), true)

/** `uncordon`: takes it back. */
export const uncordon = (session: Session): Promise<void> =>
  setSchedulable(session, onlyName(session, 'uncordon'), false)

const controllerOf = ({ metadata }: Json): Json =>
  (metadata.ownerReferences ?? []).find((one: Json) => one.controller !== false)
const named = ({ metadata }: Json): string => `${metadata.namespace}/${metadata.name}`

/** The pods that have to go. Throws when some may not go without a flag that was not given. */
function toEvict({ flags, err }: Session, pods: Json[], node: string): Json[] {
  const own = pods.filter(({ metadata }) => metadata.annotations?.['kubernetes.io/config.mirror'] === undefined)
  const daemons = own.filter((pod) => controllerOf(pod)?.kind === 'DaemonSet')
  const others = own.filter((pod) => !daemons.includes(pod))
  const ended = ({ status }: Json) => ['Succeeded', 'Failed'].includes(status?.phase)
  const bare = others.filter((pod) => controllerOf(pod) === undefined && !ended(pod))
  const local = others.filter(
    (pod) => (pod.spec.volumes ?? []).some((one: Json) => one.emptyDir !== undefined) && !ended(pod),
  )
  const problems = [
    ...(daemons.length > 0 && !flags.is('ignore-daemonsets')
      ? [`cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): ${daemons.map(named).join(', ')}`]
      : []),
    ...(local.length > 0 && !flags.is('delete-emptydir-data')
      ? [
          `cannot delete Pods with local storage (use --delete-emptydir-data to override): ${local.map(named).join(', ')}`,
        ]
      : []),
    ...(bare.length > 0 && !flags.is('force')
      ? [`cannot delete Pods that declare no controller (use --force to override): ${bare.map(named).join(', ')}`]
      : []),
  ]
  if (problems.length > 0)
    throw new CommandError(
      `unable to drain node "${node}" due to error: [${problems.join(', ')}], continuing command...`,
    )
  if (daemons.length > 0) err(`Warning: ignoring DaemonSet-managed Pods: ${daemons.map(named).join(', ')}\n`)
  return others
}

/** `drain`: cordons the node, evicts its pods and waits until they are gone. */
export async function drain(session: Session): Promise<void> {
  const name = onlyName(session, 'drain')
  await setSchedulable(session, name, true)
  const client = await session.client()
  const { items } = await client.json({ path: '/api/v1/pods', query: { fieldSelector: `spec.nodeName=${name}` } })
  const pods = toEvict(session, items, name)
  for (const pod of pods) {
    session.out(`evicting pod ${named(pod)}\n`)
    const { name: podName, namespace } = pod.metadata
    const body = JSON.stringify({ apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: podName, namespace } })
    await client.json({ method: 'POST', path: `${podPath(pod)}/eviction`, body }).catch((error: unknown) => {
      if (!(error instanceof ServerError) || !error.notFound) throw error
    })
  }
  const patience = duration(session.flags.text('timeout') ?? '0s', 'timeout', true)
  const end = Date.now() + (patience === 0 ? 7 * 86_400_000 : patience)
  for (const pod of pods) {
    await untilGone(client, pod, end)
    session.out(`pod/${pod.metadata.name} evicted\n`)
  }
  session.out(`node/${name} drained\n`)
}

async function untilGone(client: Awaited<ReturnType<Session['client']>>, pod: Json, end: number): Promise<void> {
  for (;;) {
    try {
      const now = await client.json({ path: podPath(pod) })
      if (now.metadata.uid !== pod.metadata.uid) return
    } catch (error) {
      if (error instanceof ServerError && error.notFound) return
      throw error
    }
    if (Date.now() >= end)
      throw new CommandError(
        `error when waiting for pod "${pod.metadata.name}" in namespace "${pod.metadata.namespace}" to terminate: global timeout reached`,
      )
    await sleep(lookEvery)
  }
}
