/** A version of Talos or Kubernetes: `v1.11.5`. Both have been 1.x for years, and their rules speak of minor versions. */
export interface Version {
  major: number
  minor: number
  patch: number
  text: string
}

/** Reads `v1.11.5` or `1.11.5`; undefined for anything else, pre-releases included. */
export function readVersion(text: string | undefined): Version | undefined {
  const found = /^v?(\d+)\.(\d+)\.(\d+)$/.exec(text ?? '')
  if (!found) return undefined
  const [major, minor, patch] = found.slice(1).map(Number) as [number, number, number]
  return { major, minor, patch, text: `v${major}.${minor}.${patch}` }
}

/** Below 0 when `one` is older. */
export function compareVersions(one: Version, other: Version): number {
  return one.major - other.major || one.minor - other.minor || one.patch - other.patch
}

/** True when a text names this version or a later one. */
export function isAtLeast(text: string | undefined, wanted: Version): boolean {
  const version = readVersion(text)
  return version !== undefined && compareVersions(version, wanted) >= 0
}

/**
 * The last releases we know of each minor version: where a path over several minor versions stops on its way. Talos asks
 * to go to the latest patch of every minor version in between, Kubernetes to leave none out.
 */
const lastTalos: Record<number, string> = {
  8: 'v1.8.4',
  9: 'v1.9.6',
  10: 'v1.10.8',
  11: 'v1.11.6',
  12: 'v1.12.8',
}
const lastKubernetes: Record<number, string> = {
  26: 'v1.26.15',
  27: 'v1.27.16',
  28: 'v1.28.15',
  29: 'v1.29.15',
  30: 'v1.30.14',
  31: 'v1.31.13',
  32: 'v1.32.9',
  33: 'v1.33.5',
  34: 'v1.34.1',
  35: 'v1.35.0',
}

/** Minor versions of Talos whose rules we know. */
export const knownTalos = { first: 8, last: 13 }

/**
 * The oldest and newest minor version of Kubernetes that a Talos runs (its support matrix: 1.8 runs 1.26–1.31, 1.11 runs
 * 1.29–1.34, 1.12 runs 1.30–1.35); undefined for a Talos we do not know.
 */
export function kubernetesOf(talos: Version): { oldest: number; newest: number } | undefined {
  if (talos.major !== 1 || talos.minor < knownTalos.first || talos.minor > knownTalos.last) return undefined
  return { oldest: talos.minor + 18, newest: talos.minor + 23 }
}

/** True when this Talos runs this Kubernetes; undefined when nobody here can tell. */
export function fits(talos: Version, kubernetes: Version): boolean | undefined {
  const range = kubernetesOf(talos)
  return range && kubernetes.minor >= range.oldest && kubernetes.minor <= range.newest
}

function path(from: Version, to: Version, last: Record<number, string>): Version[] {
  const between: Version[] = []
  for (let minor = from.minor + 1; minor < to.minor; minor++) {
    const stop = readVersion(last[minor])
    if (!stop) throw new RangeError(`no release of 1.${minor} is known`)
    between.push(stop)
  }
  return [...between, to]
}

/** The versions to go through, the wanted one last. Throws RangeError for a minor version we know no release of. */
export const talosPath = (from: Version, to: Version): Version[] => path(from, to, lastTalos)
/** The versions to go through, the wanted one last. Throws RangeError for a minor version we know no release of. */
export const kubernetesPath = (from: Version, to: Version): Version[] => path(from, to, lastKubernetes)
