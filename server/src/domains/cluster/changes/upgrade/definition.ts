import { z } from 'zod'
import type { OperationDefinition, Step, StepContext } from '../../../../operations/define.ts'
import { instanceName } from '../../../../platform/names.ts'
import type { ChangesDeps } from '../deps.ts'
import { refuseBeforeBootstrap } from '../world.ts'
import { wantedVersion } from './check.ts'
import { compareVersions, readVersion, type Version } from './versions.ts'

const input = z.strictObject({ instance: instanceName, version: z.string().max(40) })
export type UpgradeInput = z.output<typeof input>

/** An upgrade of one part of the cluster to a version: all but its type and its steps. */
export function upgradeOf(
  what: 'Talos' | 'Kubernetes',
  deps: ChangesDeps,
): Omit<OperationDefinition<UpgradeInput>, 'type' | 'steps'> {
  return {
    tools: ['talosctl', 'kubectl'],
    title: ({ instance, version }) => `Upgrade ${what} of ${instance} to ${version}`,
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
  }
}

/** Says what the way is; `way` refuses versions that do not fit together. Reads only. */
export function checkVersions(way: (ctx: StepContext) => Promise<string>): Step {
  return {
    name: 'check-versions',
    title: 'Checking which versions fit together',
    done: way,
    run: async () => undefined,
  }
}

/** A way in words: "v1.10.8 → v1.11.6". */
export const inWords = (stops: Version[]): string => stops.map(({ text }) => text).join(' → ')

/** The stops of a way; only the target where no way is known, which the first step then refuses. */
export function stopsOf(path: (from: Version, to: Version) => Version[], from: Version, to: Version): Version[] {
  if (compareVersions(from, to) > 0) return []
  try {
    return path(from, to)
  } catch {
    return [to]
  }
}
