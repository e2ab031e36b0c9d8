import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { Step, StepContext } from '../../../../operations/define.ts'
import { readFileIfThere } from '../../../../platform/atomic-file.ts'
import { WildError } from '../../../../platform/errors.ts'
import { explainMachine, type NodeRecord } from '../../../nodes/index.ts'
import { clusterAuthority } from '../../api-probe.ts'
import { etcdOn } from '../../look.ts'
import type { ChangeWorld } from '../world.ts'
import { type EtcdSnapshot, type SnapshotNote, stampedName, superfluous } from './model.ts'
import { etcdNowhere } from './nowhere.ts'
import { isIntact, keepSnapshot, listSnapshots, removeSnapshot } from './store.ts'

/** A snapshot made for the same purpose serves again for so long, ms: a change that is run again needs no second one. */
const freshMs = 60 * 60_000
const defaultKeep = 10

/** The first control plane whose etcd is healthy. */
export async function healthyPlane(w: ChangeWorld, ctx: StepContext): Promise<NodeRecord | undefined> {
  const planes = await w.planes()
  const facts = await Promise.all(planes.map((record) => etcdOn(ctx.run, w.places, record)))
  return planes.find((_record, index) => facts[index]!.healthy)
}

/** SHA-256 of the cluster's authority; undefined while nothing is generated. */
export async function authoritySum(w: ChangeWorld): Promise<string | undefined> {
  const text = await readFileIfThere(join(w.places.generated, 'controlplane.yaml'))
  return text && createHash('sha256').update(clusterAuthority(text)).digest('hex')
}

/** Writes what etcd of a control plane holds into a file. */
export async function saveFrom(
  w: ChangeWorld,
  ctx: StepContext,
  plane: NodeRecord,
  draft: string,
): Promise<SnapshotNote> {
  const text = async (path: string) => ((await w.deps.config.get(w.instance, path)) as string | undefined) || undefined
  try {
    return {
      node: plane.name,
      ...(await w.talosctl(ctx).etcdSnapshot(plane.targetIp!, draft)),
      kubernetesVersion: await text('cluster.kubernetesVersion'),
      talosVersion: await text('cluster.nodes.talos.version'),
      authority: await authoritySum(w),
    }
  } catch (error) {
    throw explainMachine(error, plane, 'Saving a snapshot of etcd')
  }
}

/** Removes old snapshots that nobody gave a name, beyond the newest that are kept. */
async function prune(w: ChangeWorld, ctx: StepContext): Promise<void> {
  const keep = Number((await w.deps.config.get(w.instance, 'cluster.etcdSnapshots.keep')) ?? defaultKeep) || defaultKeep
  for (const old of superfluous(await listSnapshots(w.places.etcdSnapshots), keep)) {
    await removeSnapshot(old)
    ctx.say(`The old snapshot ${old.name} is removed: ${keep} are kept`)
  }
}

export interface SaveOptions {
  /** Exactly this name; else one of the time and the purpose. */
  name?: string
  purpose?: string
  /** Why none is needed now. */
  unneeded?(ctx: StepContext): Promise<string | undefined>
  /** Go on, with a warning, where etcd runs nowhere: there is nothing that could be saved. */
  optional?: boolean
}

/** Saves what etcd holds, with a checksum, readable by us alone. */
export function saveEtcd(w: ChangeWorld, options: SaveOptions): Step {
  const { name, purpose, optional = false } = options
  async function existing(now: number): Promise<EtcdSnapshot | undefined> {
    const all = await listSnapshots(w.places.etcdSnapshots)
    const found = all.find((one) =>
      name ? one.name === name : one.name.endsWith(`-${purpose}`) && now - Date.parse(one.takenAt) < freshMs,
    )
    return found && (await isIntact(found)) ? found : undefined
  }
  return {
    name: 'save-etcd',
    title: 'Saving a snapshot of etcd',
    timeoutMs: 30 * 60_000,
    async done(ctx) {
      const unneeded = await options.unneeded?.(ctx)
      if (unneeded) return unneeded
      const found = await existing(ctx.clock.now())
      if (found) return `${found.name} is there`
      if (!optional || (await healthyPlane(w, ctx))) return false
      return 'etcd does not run, so there is nothing that could be saved'
    },
    async run(ctx) {
      const plane = await healthyPlane(w, ctx)
      if (!plane) throw etcdNowhere()
      const snapshot = await keepSnapshot(
        w.places.etcdSnapshots,
        name ?? stampedName(ctx.clock.now(), purpose),
        (draft) => saveFrom(w, ctx, plane, draft),
      )
      if (!(await isIntact(snapshot))) {
        await removeSnapshot(snapshot)
        throw new WildError(
          'OPERATION_FAILED',
          `The snapshot that ${plane.name} sent is not whole: its checksum does not fit. Nothing was kept; try again.`,
          { node: plane.name },
        )
      }
      ctx.result({ snapshot: snapshot.name, file: snapshot.file, size: snapshot.size })
      ctx.say(`Saved ${snapshot.name} (${snapshot.size} bytes, ${snapshot.keys ?? 0} keys) from ${plane.name}`)
      await prune(w, ctx)
      w.deps.instances.changed(w.instance, 'cluster')
    },
    plan: async () => [
      { kind: 'file', text: `Save what etcd holds to ${w.places.etcdSnapshots}, readable by Wild Central alone` },
    ],
  }
}
