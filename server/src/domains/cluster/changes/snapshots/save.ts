import { createHash } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Step, StepContext } from '../../../../operations/define.ts'
import { makeDirectory, readFileIfThere } from '../../../../platform/atomic-file.ts'
import { asWildError, WildError } from '../../../../platform/errors.ts'
import { talosFailure } from '../../../../tools/talosctl-failures.ts'
import { explainMachine, type NodeRecord } from '../../../nodes/index.ts'
import { clusterAuthority } from '../../api-probe.ts'
import { etcdOn } from '../../look.ts'
import type { ChangeWorld } from '../world.ts'
import { type EtcdSnapshot, type SnapshotNote, stampedName, superfluous } from './model.ts'
import { etcdNowhere } from './nowhere.ts'
import { isIntact, keepSnapshot, listSnapshots, removeSnapshot, sha256Of } from './store.ts'

/** A snapshot made for the same purpose serves again for so long, ms: a change that is run again needs no second one. */
const freshMs = 60 * 60_000
const defaultKeep = 10

/** Who is asked for what etcd holds. */
interface Source {
  plane: NodeRecord
  /** False without a majority: it tells what it knows, or only its disk does. */
  healthy: boolean
}

/** The first control plane whose etcd is healthy; where there is none, the first on which it runs. */
async function sourceOf(w: ChangeWorld, ctx: StepContext): Promise<Source | undefined> {
  const planes = await w.planes()
  const facts = await Promise.all(planes.map((record) => etcdOn(ctx.run, w.places, record)))
  const healthy = planes.find((_record, index) => facts[index]!.healthy)
  const plane = healthy ?? planes.find((_record, index) => facts[index]!.running)
  return plane && { plane, healthy: Boolean(healthy) }
}

/** The first control plane whose etcd is healthy. */
export async function healthyPlane(w: ChangeWorld, ctx: StepContext): Promise<NodeRecord | undefined> {
  const source = await sourceOf(w, ctx)
  return source?.healthy ? source.plane : undefined
}

/** SHA-256 of the cluster's authority; undefined while nothing is generated. */
export async function authoritySum(w: ChangeWorld): Promise<string | undefined> {
  const text = await readFileIfThere(join(w.places.generated, 'controlplane.yaml'))
  return text && createHash('sha256').update(clusterAuthority(text)).digest('hex')
}

/** Copies what lies on the disk of a control plane whose etcd tells nothing. */
async function copyFrom(w: ChangeWorld, ctx: StepContext, plane: NodeRecord, draft: string) {
  const folder = `${draft}.d`
  try {
    await makeDirectory(folder, { secret: true })
    await rename(await w.talosctl(ctx).copyEtcd(plane.targetIp!, folder), draft)
    ctx.say(`etcd of ${plane.name} gives no snapshot, so its database was copied off the disk`)
    return { sha256: await sha256Of(draft) }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Writes what etcd of a control plane holds into a file. Without a majority it may tell nothing; its disk does. */
export async function saveFrom(
  w: ChangeWorld,
  ctx: StepContext,
  plane: NodeRecord,
  draft: string,
  healthy = true,
): Promise<SnapshotNote> {
  const text = async (path: string) => ((await w.deps.config.get(w.instance, path)) as string | undefined) || undefined
  const ask = () => w.talosctl(ctx).etcdSnapshot(plane.targetIp!, draft)
  async function copy(error: unknown) {
    if (healthy || !talosFailure(error)) throw error
    return copyFrom(w, ctx, plane, draft)
  }
  try {
    return {
      node: plane.name,
      ...(await ask().catch(copy)),
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
  /** Go on where etcd runs nowhere, or, with a warning, where it has no majority and gives nothing away. */
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
  async function save(ctx: StepContext, { plane, healthy }: Source): Promise<EtcdSnapshot | undefined> {
    const as = name ?? stampedName(ctx.clock.now(), purpose)
    const saved = keepSnapshot(w.places.etcdSnapshots, as, (draft) => saveFrom(w, ctx, plane, draft, healthy))
    if (healthy) return saved
    try {
      const snapshot = await saved
      ctx.warn(
        `etcd has no majority, so this is what ${plane.name} knew of it${snapshot.sha256 ? ', copied off its disk' : ''}: what was changed in the last moments before may be missing.`,
      )
      return snapshot
    } catch (error) {
      if (!optional || ctx.signal.aborted) throw error
      ctx.warn(`What etcd holds on ${plane.name} could not be saved: ${asWildError(error).message}`)
      return undefined
    }
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
      if (!optional || (await sourceOf(w, ctx))) return false
      return 'etcd does not run, so there is nothing that could be saved'
    },
    async run(ctx) {
      const source = await sourceOf(w, ctx)
      if (!source) throw etcdNowhere()
      const { plane } = source
      const snapshot = await save(ctx, source)
      if (!snapshot) return
      if (!(await isIntact(snapshot))) {
        await removeSnapshot(snapshot)
        throw new WildError(
          'OPERATION_FAILED',
          `The snapshot that ${plane.name} sent is not whole: its checksum does not fit. Nothing was kept; try again.`,
          { node: plane.name },
        )
      }
      ctx.result({ snapshot: snapshot.name, file: snapshot.file, size: snapshot.size })
      const keys = snapshot.keys === undefined ? '' : `, ${snapshot.keys} keys`
      ctx.say(`Saved ${snapshot.name} (${snapshot.size} bytes${keys}) from ${plane.name}`)
      await prune(w, ctx)
      w.deps.instances.changed(w.instance, 'cluster')
    },
    plan: async () => [
      { kind: 'file', text: `Save what etcd holds to ${w.places.etcdSnapshots}, readable by Wild Central alone` },
    ],
  }
}
