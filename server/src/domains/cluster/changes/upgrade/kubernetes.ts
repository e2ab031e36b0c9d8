import {
  NotYet,
  type OperationDefinition,
  type Step,
  type StepContext,
  type StepItem,
} from '../../../../operations/define.ts'
import { asWildError, WildError } from '../../../../platform/errors.ts'
import type { ChangesDeps } from '../deps.ts'
import { mustBeDone } from '../must-be-done.ts'
import { waitUntilWell } from '../rolling/well.ts'
import { healthyPlane, saveEtcd } from '../snapshots/save.ts'
import { type ChangeWorld, changeWorld } from '../world.ts'
import { kubernetesWay, wantedVersion } from './check.ts'
import { checkVersions, inWords, stopsOf, type UpgradeInput, upgradeOf } from './definition.ts'
import { kubernetesVersions, oldestKubernetes, oldestTalos, toolVersion } from './now.ts'
import { recordKubernetes } from './record-kubernetes.ts'
import { compareVersions, isAtLeast, kubernetesPath, type Version } from './versions.ts'

/** 10 minutes: kubelets tell their new version when they have restarted. */
const attempts = 300
const intervalMs = 2_000

/** Which versions lie on the way. Throws CONFLICT for one that must not be gone. */
async function wayTo(w: ChangeWorld, ctx: StepContext, to: Version): Promise<string> {
  const kubernetes = await oldestKubernetes(w, ctx)
  if (compareVersions(kubernetes, to) === 0) return `everything runs ${to.text}`
  const talos = await oldestTalos(w, ctx)
  const way = kubernetesWay({ talos, kubernetes, tool: await toolVersion(w, ctx) }, to)
  return `${inWords([kubernetes, ...way])}, on Talos ${talos.text}`
}

/** What still runs an older version. */
async function behind(w: ChangeWorld, ctx: StepContext, to: Version): Promise<string[]> {
  const { server, kubelets } = await kubernetesVersions(w, ctx)
  const late = [...kubelets]
    .filter(([, version]) => !isAtLeast(version, to))
    .map(([name, version]) => `${name} ${version}`)
  return isAtLeast(server, to) ? late : [`API server ${server ?? 'unknown'}`, ...late]
}

function stopped(to: Version, error: unknown): WildError {
  const { message, details } = asWildError(error)
  const again = `wild-cli cluster upgrade --kubernetes ${to.text}`
  return new WildError(
    'OPERATION_FAILED',
    `The upgrade to Kubernetes ${to.text} stopped: ${message} What was changed stays, and older and newer parts work together meanwhile. To go on: mend this and run the same again; what is done is skipped. To go back: restore the snapshot that was saved before (wild-cli cluster etcd-snapshot list), after setting the versions of the machine configurations back.`,
    { ...details, version: to.text, hint: again },
    { cause: error },
  )
}

function upgradeStep(w: ChangeWorld, to: Version): Step {
  return {
    name: `to-${to.text.replaceAll('.', '-')}`,
    title: `Upgrading to Kubernetes ${to.text}`,
    weight: 5,
    timeoutMs: 90 * 60_000,
    async done(ctx) {
      return (await behind(w, ctx, to)).length === 0 && 'everything runs it'
    },
    async run(ctx) {
      const plane = await healthyPlane(w, ctx)
      if (!plane)
        throw new WildError('CLUSTER_UNREACHABLE', 'etcd is healthy on no control plane. Mend that first.', {
          hint: 'wild-cli cluster health',
        })
      try {
        await w.talosctl(ctx).upgradeKubernetes(plane.targetIp!, to.text)
      } catch (error) {
        ctx.signal.throwIfAborted()
        throw stopped(to, error)
      }
      await ctx.waitFor({
        what: `every node to run Kubernetes ${to.text}`,
        attempts,
        intervalMs,
        look: async () => {
          const late = await behind(w, ctx, to).catch((error) => [asWildError(error).message])
          if (late.length) throw new NotYet(late.join(', '))
        },
      })
      ctx.say(`Kubernetes ${to.text} runs on every node`)
    },
    async plan(ctx) {
      const plane = await healthyPlane(w, ctx)
      const text = `talosctl upgrade-k8s --to ${to.text.slice(1)}, on ${plane?.name ?? 'a control plane'}`
      if (!plane) return [{ kind: 'command', text }]
      // Only the first stop of several can be rehearsed: the later ones start from what is not there yet.
      const rehearsed = await w
        .talosctl(ctx)
        .upgradeKubernetes(plane.targetIp!, to.text, { dryRun: true })
        .catch(() => '')
      return [{ kind: 'command', text, ...(rehearsed ? { diff: rehearsed } : {}) }]
    },
  }
}

/** Brings Kubernetes to a version, over the minor versions that lie between. */
export function upgradeKubernetesOperation(deps: ChangesDeps): OperationDefinition<UpgradeInput> {
  return {
    type: 'cluster.upgrade-kubernetes',
    ...upgradeOf('Kubernetes', deps),
    async steps({ instance, version }, ctx): Promise<StepItem[]> {
      const w = changeWorld(deps, instance, `cluster upgrade --kubernetes ${version}`)
      const to = wantedVersion(version)
      const current = async () => (await behind(w, ctx, to)).length === 0
      const well = waitUntilWell(w, 'all nodes', {
        unneeded: async () => (await current()) && `everything runs ${version}`,
        unwell: (reason) =>
          new WildError(
            'CONFLICT',
            `The cluster is not well, so Kubernetes is left as it is: ${reason}. Mend that first.`,
            {
              hint: 'wild-cli cluster health',
            },
          ),
      })
      return [
        checkVersions(() => wayTo(w, ctx, to)),
        { ...well, name: 'well', title: 'Looking whether the cluster is well' },
        saveEtcd(w, {
          purpose: `before-kubernetes-${to.text}`,
          unneeded: async () => ((await current()) ? `everything runs ${version}` : undefined),
        }),
        ...stopsOf(kubernetesPath, await oldestKubernetes(w, ctx), to).map((stop) => mustBeDone(upgradeStep(w, stop))),
        mustBeDone(recordKubernetes(w, to)),
      ]
    },
  }
}
