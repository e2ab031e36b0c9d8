import { FunctionFailure } from '../errors.ts'
import type { GoObject, Member, Value } from '../values.ts'
import { type FunctionModule, fixed } from './declare.ts'
import { compareVersions, parseVersion, satisfies, type Version, versionText } from './versions.ts'

/** A parsed version with the methods templates use. */
class GoVersion implements GoObject {
  readonly goType = '*semver.Version'
  readonly version: Version

  constructor(version: Version) {
    this.version = version
  }

  toString(): string {
    return versionText(this.version)
  }

  member(name: string): Member | undefined {
    const { version } = this
    const answer = (value: Value): Member => ({ method: fixed([], () => value) })
    const test = (passes: (order: number) => boolean): Member => ({
      method: fixed(['any'], (other) => passes(compareVersions(version, versionOf(other)))),
    })
    switch (name) {
      case 'Major':
        return answer(version.major)
      case 'Minor':
        return answer(version.minor)
      case 'Patch':
        return answer(version.patch)
      case 'Prerelease':
        return answer(version.prerelease)
      case 'Metadata':
        return answer(version.metadata)
      case 'Original':
        return answer(version.original)
      case 'String':
        return answer(this.toString())
      case 'IncMajor':
        return answer(new GoVersion(raised(version, version.major + 1n, 0n, 0n)))
      case 'IncMinor':
        return answer(new GoVersion(raised(version, version.major, version.minor + 1n, 0n)))
      case 'IncPatch':
        return answer(new GoVersion(nextPatch(version)))
      case 'Compare':
        return { method: fixed(['any'], (other) => BigInt(compareVersions(version, versionOf(other)))) }
      case 'Equal':
        return test((order) => order === 0)
      case 'LessThan':
        return test((order) => order < 0)
      case 'GreaterThan':
        return test((order) => order > 0)
    }
    return undefined
  }
}

/** A prerelease's next patch is its own release. */
function nextPatch(version: Version): Version {
  return raised(version, version.major, version.minor, version.prerelease ? version.patch : version.patch + 1n)
}

function raised(from: Version, major: bigint, minor: bigint, patch: bigint): Version {
  const text = `${from.original.startsWith('v') ? 'v' : ''}${major}.${minor}.${patch}`
  return { major, minor, patch, prerelease: '', metadata: '', original: text }
}

function versionOf(value: Value): Version {
  if (value instanceof GoVersion) return value.version
  throw new FunctionFailure('wrong type for value; expected *semver.Version')
}

/** Semantic versions. */
export const semver: FunctionModule = {
  name: 'semver',
  functions: {
    Semver: fixed(['string'], (text) => new GoVersion(parseVersion(text))),
    CheckConstraint: fixed(['string', 'string'], (constraint, text) => satisfies(parseVersion(text), constraint)),
  },
}
