import { NotYet, type StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import type { KubeObject } from '../../../tools/kubectl.ts'
import type { ExecCall } from '../../../tools/kubectl-streams.ts'
import type { AppDataWorld } from './world.ts'

const helperLabel = 'wild-central.io/helper'
/** Its programs are sh, tar, find, stat, awk, df. */
const helperImage = 'docker.io/library/busybox:1.37.0'

/** True for a pod of ours that only copies a volume. */
export function isHelper(pod: KubeObject): boolean {
  return pod.metadata.labels?.[helperLabel] !== undefined
}

const nameFor = (claim: string): string => `wild-backup-${claim}`.slice(0, 63).replace(/-+$/, '')

// biome-ignore lint/suspicious/noExplicitAny: parts of objects
type Spec = any

/** Whether a workload's pods mount a claim, by name or by a template of a StatefulSet. */
function mounts({ kind, metadata, spec }: KubeObject, claim: string): string | undefined {
  const template = (spec.volumeClaimTemplates ?? []).find((one: Spec) =>
    new RegExp(`^${one.metadata.name}-${metadata.name}-\\d+$`).test(claim),
  )
  if (kind === 'StatefulSet' && template) return template.metadata.name
  const volume = (spec.template.spec.volumes ?? []).find((one: Spec) => one.persistentVolumeClaim?.claimName === claim)
  return volume?.name
}

/** Who the files of a volume belong to: the helper runs as the app does, so that it may read and write all of them. */
async function identityFor(w: AppDataWorld, ctx: StepContext, claim: string): Promise<{ pod: Spec; container: Spec }> {
  for (const kind of ['deployment', 'statefulset'])
    for (const workload of await w.kubectl(ctx).get(kind, { namespace: w.namespace })) {
      const volume = mounts(workload, claim)
      if (volume === undefined) continue
      const { securityContext, containers } = workload.spec.template.spec
      const container = containers.find((one: Spec) => one.volumeMounts?.some(({ name }: Spec) => name === volume))
      return { pod: securityContext ?? {}, container: container?.securityContext ?? {} }
    }
  return { pod: {}, container: {} }
}

/** The node a claim is mounted on at this moment: most volumes can be on one only. */
async function nodeOf(w: AppDataWorld, ctx: StepContext, claim: string): Promise<string | undefined> {
  const pods = await w.kubectl(ctx).get('pod', { namespace: w.namespace })
  const user = pods.find(
    (pod) =>
      !isHelper(pod) &&
      pod.status?.phase === 'Running' &&
      (pod.spec.volumes ?? []).some((volume: Spec) => volume.persistentVolumeClaim?.claimName === claim),
  )
  return user?.spec.nodeName
}

/** A pod that mounts one claim, and a way to run commands that stand in the root of its volume. */
export interface Helper {
  run(script: string, args?: string[], streams?: Pick<ExecCall, 'from' | 'into'>): Promise<string>
}

/** Starts the helper of a claim and waits for it. Throws NOT_FOUND when there is no such claim. */
export async function startHelper(w: AppDataWorld, ctx: StepContext, claim: string): Promise<Helper> {
  const { namespace } = w
  const name = nameFor(claim)
  const kubectl = w.kubectl(ctx)
  const [found] = await kubectl.get('persistentvolumeclaim', { name: claim, namespace })
  if (!found)
    throw new WildError('NOT_FOUND', `${w.manifest.title} has no volume ${claim} in the cluster. Deploy it first.`, {
      name: claim,
      hint: `wild-cli app deploy ${w.manifest.name}`,
    })
  const [there] = await kubectl.get('pod', { name, namespace })
  if (there && (there.status?.phase !== 'Running' || there.metadata.deletionTimestamp)) await stopHelper(w, ctx, claim)
  if (there?.status?.phase !== 'Running' || there.metadata.deletionTimestamp)
    await kubectl.apply([await helperPod(w, ctx, claim)])
  await ctx.waitFor({
    what: `the volume ${claim} to be mounted`,
    attempts: 150,
    async look() {
      const [pod] = await kubectl.get('pod', { name, namespace, repeated: true })
      if (pod?.status?.phase !== 'Running') throw new NotYet(`its helper is ${pod?.status?.phase ?? 'absent'}`)
    },
  })
  return {
    run: (script, args = [], streams = {}) =>
      w.streams(ctx).exec({
        pod: name,
        namespace,
        container: 'helper',
        command: ['sh', '-c', script, 'sh', ...args],
        // Counting the files of a large volume takes its time.
        timeoutMs: 24 * 3_600_000,
        ...streams,
      }),
  }
}

/** Removes the helper of a claim; the claim and its volume stay. */
export async function stopHelper(w: AppDataWorld, ctx: StepContext, claim: string): Promise<void> {
  await w.kubectl(ctx).delete('pod', nameFor(claim), w.namespace)
}

async function helperPod(w: AppDataWorld, ctx: StepContext, claim: string): Promise<KubeObject> {
  const identity = await identityFor(w, ctx, claim)
  const nodeName = await nodeOf(w, ctx, claim)
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: nameFor(claim), namespace: w.namespace, labels: { [helperLabel]: 'backup' } },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 1,
      activeDeadlineSeconds: 2 * 24 * 3_600,
      ...(nodeName === undefined ? {} : { nodeName }),
      securityContext: { seccompProfile: { type: 'RuntimeDefault' }, ...identity.pod },
      containers: [
        {
          name: 'helper',
          image: helperImage,
          command: ['sleep', '172800'],
          workingDir: '/volume',
          resources: { requests: { cpu: '50m', memory: '32Mi' }, limits: { memory: '256Mi' } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, ...identity.container },
          volumeMounts: [{ name: 'volume', mountPath: '/volume' }],
        },
      ],
      volumes: [{ name: 'volume', persistentVolumeClaim: { claimName: claim } }],
    },
  }
}
