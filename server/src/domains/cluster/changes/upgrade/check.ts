import { WildError } from '../../../../platform/errors.ts'
import {
  compareVersions,
  fits,
  knownTalos,
  kubernetesOf,
  kubernetesPath,
  readVersion,
  talosPath,
  type Version,
} from './versions.ts'

const refuse = (message: string, details: Record<string, unknown> = {}): WildError =>
  new WildError('CONFLICT', message, { field: 'version', ...details })

/** Reads a version that a person gave. Throws CONFLICT for something that is none we can reason about. */
export function wantedVersion(text: string): Version {
  const version = readVersion(text)
  if (version?.major === 1) return version
  throw refuse(`${text} is not a released version (like v1.11.5).`)
}

function refuseDowngrade(what: string, from: Version, to: Version, way: string): void {
  if (compareVersions(to, from) >= 0) return
  throw refuse(`${what} ${from.text} runs, and ${to.text} is older. Going back is no upgrade: ${way}`)
}

function refuseUnfit(talos: Version, kubernetes: Version, advice: string): void {
  const range = kubernetesOf(talos)
  if (!range)
    throw refuse(
      `What Talos ${talos.text} needs is not known here: this Wild Central knows Talos 1.${knownTalos.first} to 1.${knownTalos.last}. Update Wild Central first.`,
    )
  if (fits(talos, kubernetes)) return
  throw refuse(
    `Talos ${talos.text} runs Kubernetes 1.${range.oldest} to 1.${range.newest}, and this would be ${kubernetes.text}. ${advice}`,
  )
}

/** talosctl speaks with machines that are at most one minor version away. */
function refuseTool(tool: Version | undefined, talos: Version[]): void {
  const far = talos.find(({ minor }) => tool && Math.abs(minor - tool.minor) > 1)
  if (!tool || !far) return
  throw refuse(
    `talosctl ${tool.text} does not fit Talos ${far.text}: it works with machines at most one minor version away. Install talosctl of Talos 1.${far.minor} on the machine Wild Central runs on.`,
    { tool: 'talosctl', tool_version: tool.text },
  )
}

function orRefuse(path: () => Version[]): Version[] {
  try {
    return path()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw refuse(`There is no known way to that version: ${error.message}. Go to an earlier version first.`)
  }
}

/** The way of Talos to a version. Throws CONFLICT, naming the reason, where it must not be gone. */
export function talosWay(now: { talos: Version; kubernetes: Version; tool?: Version }, to: Version): Version[] {
  refuseDowngrade(
    'Talos',
    now.talos,
    to,
    'wild-cli node rollback NODE starts the Talos a node ran before its last upgrade.',
  )
  refuseUnfit(to, now.kubernetes, 'Upgrade Kubernetes first: wild-cli cluster upgrade --kubernetes VERSION')
  const way = orRefuse(() => talosPath(now.talos, to))
  for (const stop of way)
    refuseUnfit(stop, now.kubernetes, 'The way leads over it: upgrade Kubernetes first, then Talos in smaller parts.')
  refuseTool(now.tool, [now.talos, ...way])
  return way
}

/** The way of Kubernetes to a version. Throws CONFLICT, naming the reason, where it must not be gone. */
export function kubernetesWay(now: { talos: Version; kubernetes: Version; tool?: Version }, to: Version): Version[] {
  refuseDowngrade('Kubernetes', now.kubernetes, to, 'restore a snapshot of etcd from before.')
  refuseUnfit(now.talos, to, 'Upgrade Talos first: wild-cli cluster upgrade --talos VERSION')
  const way = orRefuse(() => kubernetesPath(now.kubernetes, to))
  refuseTool(now.tool, [now.talos])
  return way
}
