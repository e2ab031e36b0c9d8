import type { OperationDefinition, Step, StepContext, StepItem } from '../../../../operations/define.ts'
import type { NodeRecord } from '../../../nodes/index.ts'
import type { ChangesDeps } from '../deps.ts'
import { mustBeDone } from '../must-be-done.ts'
import { saveEtcd } from '../snapshots/save.ts'
import { type ChangeWorld, changeWorld } from '../world.ts'
import { talosWay, wantedVersion } from './check.ts'
import { checkVersions, inWords, stopsOf, type UpgradeInput, upgradeOf } from './definition.ts'
import { oldestKubernetes, oldestTalos, toolVersion } from './now.ts'
import { upgradeNode } from './upgrade-node.ts'
import { compareVersions, talosPath, type Version } from './versions.ts'

const versionKey = 'cluster.nodes.talos.version'

/** Which versions lie on the way. Throws CONFLICT for one that must not be gone. */
async function wayTo(w: ChangeWorld, ctx: StepContext, to: Version): Promise<string> {
  const talos = await oldestTalos(w, ctx)
  if (compareVersions(talos, to) === 0) return `every node runs ${to.text}`
  const kubernetes = await oldestKubernetes(w, ctx)
  const way = talosWay({ talos, kubernetes, tool: await toolVersion(w, ctx) }, to)
  return `${inWords([talos, ...way])}, with Kubernetes ${kubernetes.text} as it is`
}

/** The version that new machines get. */
function recordVersion(w: ChangeWorld, to: Version): Step {
  return {
    name: 'record-version',
    title: 'Writing down the version for new machines',
    done: async () => (await w.deps.config.get(w.instance, versionKey)) === to.text,
    async run(ctx) {
      await w.deps.config.set(w.instance, [{ path: versionKey, value: to.text }], w.by)
      ctx.result({ version: to.text })
    },
    plan: async () => [{ kind: 'file', text: `Write ${versionKey}: ${to.text} into config.yaml` }],
  }
}

/** Workers first: when something is wrong with the new version, etcd has not met it yet. Then one control plane at a time. */
export function upgradeOrder(nodes: NodeRecord[]): NodeRecord[] {
  return [...nodes.filter(({ role }) => role === 'worker'), ...nodes.filter(({ role }) => role === 'controlplane')]
}

/** Brings Talos of every node to a version, one node at a time, over the versions that lie between. */
export function upgradeTalosOperation(deps: ChangesDeps): OperationDefinition<UpgradeInput> {
  return {
    type: 'cluster.upgrade-talos',
    ...upgradeOf('Talos', deps),
    async steps({ instance, version }, ctx): Promise<StepItem[]> {
      const w = changeWorld(deps, instance, `cluster upgrade --talos ${version}`)
      const to = wantedVersion(version)
      const from = await oldestTalos(w, ctx)
      const order = upgradeOrder(await w.nodes())
      const stops = stopsOf(talosPath, from, to)
      const done = async () =>
        compareVersions(await oldestTalos(w, ctx), to) >= 0 ? `every node runs ${version}` : undefined
      return [
        checkVersions(() => wayTo(w, ctx, to)),
        saveEtcd(w, { purpose: `before-talos-${to.text}`, unneeded: done }),
        ...stops.map((stop) => ({
          name: `to-${stop.text.replaceAll('.', '-')}`,
          title: `Talos ${stop.text}`,
          weight: order.length,
          steps: order.map(({ name }) => upgradeNode(w, name, stop)),
        })),
        mustBeDone(recordVersion(w, to)),
      ]
    },
  }
}
