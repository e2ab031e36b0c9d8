import { z } from 'zod'
import type { OperationDefinition, Step, StepItem } from '../../../../operations/define.ts'
import { instanceName } from '../../../../platform/names.ts'
import type { NodeRecord } from '../../../nodes/index.ts'
import type { ChangesDeps } from '../deps.ts'
import { mustBeDone } from '../must-be-done.ts'
import { saveEtcd } from '../snapshots/save.ts'
import { type ChangeWorld, changeWorld, refuseBeforeBootstrap } from '../world.ts'
import { talosWay, wantedVersion } from './check.ts'
import { oldestKubernetes, oldestTalos, toolVersion } from './now.ts'
import { upgradeNode } from './upgrade-node.ts'
import { compareVersions, readVersion, talosPath, type Version } from './versions.ts'

const input = z.strictObject({ instance: instanceName, version: z.string().max(40) })
export type UpgradeInput = z.output<typeof input>

const versionKey = 'cluster.nodes.talos.version'

/** Says what the way is; refuses versions that do not fit together. Reads only. */
function checkVersions(w: ChangeWorld, to: Version): Step {
  return {
    name: 'check-versions',
    title: 'Checking which versions fit together',
    async done(ctx) {
      const talos = await oldestTalos(w, ctx)
      if (compareVersions(talos, to) === 0) return `every node runs ${to.text}`
      const kubernetes = await oldestKubernetes(w, ctx)
      const way = talosWay({ talos, kubernetes, tool: await toolVersion(w, ctx) }, to)
      return `${[talos, ...way].map(({ text }) => text).join(' → ')}, with Kubernetes ${kubernetes.text} as it is`
    },
    run: async () => undefined,
  }
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
    tools: ['talosctl', 'kubectl'],
    title: ({ instance, version }) => `Upgrade Talos of ${instance} to ${version}`,
    input,
    complete: async ({ instance, version }) => ({ instance, version: readVersion(version)?.text ?? version }),
    instance: ({ instance }) => instance,
    target: ({ version }) => version,
    locks: ({ instance }) => [`instances/${instance}/cluster`, `instances/${instance}/nodes`],
    async refuse({ instance, version }) {
      await refuseBeforeBootstrap(deps, instance)
      wantedVersion(version)
    },
    secrets: ({ instance }) => deps.secrets.allValues(instance),
    async steps({ instance, version }, ctx): Promise<StepItem[]> {
      const w = changeWorld(deps, instance, `cluster upgrade --talos ${version}`)
      const to = wantedVersion(version)
      const from = await oldestTalos(w, ctx)
      const order = upgradeOrder(await w.nodes())
      const stops = compareVersions(from, to) > 0 ? [] : orOnly(from, to)
      const done = async () =>
        compareVersions(await oldestTalos(w, ctx), to) >= 0 ? `every node runs ${version}` : undefined
      return [
        checkVersions(w, to),
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

/** The stops; only the target where no way is known, which the first step then refuses. */
function orOnly(from: Version, to: Version): Version[] {
  try {
    return talosPath(from, to)
  } catch {
    return [to]
  }
}
