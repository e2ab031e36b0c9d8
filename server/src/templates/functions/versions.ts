import { FunctionFailure } from '../errors.ts'

/** A semantic version taken apart. */
export interface Version {
  major: bigint
  minor: bigint
  patch: bigint
  prerelease: string
  metadata: string
  original: string
}

/** Longer texts are no versions or constraints. */
const longestText = 1000

const identifiers = '[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*'
const shape = new RegExp(`^v?(\\d+)(?:\\.(\\d+))?(?:\\.(\\d+))?(?:-(${identifiers}))?(?:\\+(${identifiers}))?$`)

/** Reads a version; minor and patch may be missing. Throws FunctionFailure. */
export function parseVersion(text: string): Version {
  const match = text.length <= longestText ? shape.exec(text) : null
  if (!match) throw new FunctionFailure('Invalid Semantic Version')
  const [, major = '0', minor = '0', patch = '0', prerelease = '', metadata = ''] = match
  return { major: BigInt(major), minor: BigInt(minor), patch: BigInt(patch), prerelease, metadata, original: text }
}

/** A version in its full form. */
export function versionText({ major, minor, patch, prerelease, metadata }: Version): string {
  return `${major}.${minor}.${patch}${prerelease ? `-${prerelease}` : ''}${metadata ? `+${metadata}` : ''}`
}

function sign(difference: bigint | number): number {
  return difference < 0 ? -1 : difference > 0 ? 1 : 0
}

function comparePrerelease(a: string, b: string): number {
  if (a === b) return 0
  if (a === '') return 1
  if (b === '') return -1
  const [left, right] = [a.split('.'), b.split('.')]
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = compareIdentifier(left[i], right[i])
    if (order !== 0) return order
  }
  return 0
}

/** Numbers stand below words, and a missing identifier below any. */
function compareIdentifier(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0
  if (a === undefined) return -1
  if (b === undefined) return 1
  const [aNumeric, bNumeric] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (aNumeric && bNumeric) return sign(BigInt(a) - BigInt(b))
  if (aNumeric !== bNumeric) return aNumeric ? -1 : 1
  return a < b ? -1 : 1
}

/** The order of two versions: -1, 0 or 1. Metadata does not count. */
export function compareVersions(a: Version, b: Version): number {
  return (
    sign(a.major - b.major) ||
    sign(a.minor - b.minor) ||
    sign(a.patch - b.patch) ||
    comparePrerelease(a.prerelease, b.prerelease)
  )
}

/** One condition such as `>=1.2` or `~1.x`; `given` counts the numbers that were written out. */
interface Condition {
  operator: string
  version: Version
  given: number
}

const conditionShape = new RegExp(
  `^(=|==|!=|>|<|>=|=>|<=|=<|~|~>|\\^)?\\s*v?([0-9]+|[xX*])(?:\\.([0-9]+|[xX*]))?(?:\\.([0-9]+|[xX*]))?(?:-(${identifiers}))?(?:\\+${identifiers})?$`,
)

function parseCondition(text: string): Condition {
  const match = conditionShape.exec(text.trim())
  if (!match) throw new FunctionFailure(`improper constraint: ${text}`)
  const [, operator = '', ...numbers] = match
  const parts = numbers.slice(0, 3).map((part) => (part === undefined || /[xX*]/.test(part) ? undefined : part))
  const firstOpen = parts.indexOf(undefined)
  const given = firstOpen < 0 ? 3 : firstOpen
  const [major, minor, patch] = parts.map((part, index) => BigInt(index < given ? (part ?? 0) : 0))
  const version = { major: major ?? 0n, minor: minor ?? 0n, patch: patch ?? 0n, prerelease: numbers[3] ?? '' }
  return { operator, given, version: { ...version, metadata: '', original: text } }
}

/** The first version beyond those that agree with `version` in its first `count` numbers. */
function ceiling(version: Version, count: number): Version {
  const next = { ...version, prerelease: '', patch: 0n }
  if (count <= 1) return { ...next, major: version.major + 1n, minor: 0n }
  if (count === 2) return { ...next, minor: version.minor + 1n }
  return { ...next, patch: version.patch + 1n }
}

function within(version: Version, low: Version, count: number): boolean {
  return compareVersions(version, low) >= 0 && compareVersions(version, ceiling(low, count)) < 0
}

/** How many leading numbers `^` holds fixed: up to the first that is not zero. */
function caretCount({ version, given }: Condition): number {
  if (version.major > 0n || given <= 1) return 1
  return version.minor > 0n || given === 2 ? 2 : 3
}

function meets(version: Version, condition: Condition): boolean {
  const { operator, version: limit, given } = condition
  // A prerelease only counts where the condition names one.
  if (version.prerelease && !limit.prerelease) return false
  if (given === 0) return operator !== '!=' && operator !== '>' && operator !== '<'
  const order = compareVersions(version, limit)
  const open = given < 3
  switch (operator) {
    case '!=':
      return open ? !within(version, limit, given) : order !== 0
    case '>':
      return open ? compareVersions(version, ceiling(limit, given)) >= 0 : order > 0
    case '<':
      return order < 0
    case '>=':
    case '=>':
      return order >= 0
    case '<=':
    case '=<':
      return open ? compareVersions(version, ceiling(limit, given)) < 0 : order <= 0
    case '~':
    case '~>':
      return within(version, limit, Math.min(given, 2))
    case '^':
      return within(version, limit, caretCount(condition))
  }
  return open ? within(version, limit, given) : order === 0
}

/** Whether a version meets a constraint such as `>=1.2, <2 || ^3`. Throws FunctionFailure for a broken constraint. */
export function satisfies(version: Version, constraint: string): boolean {
  if (constraint.length > longestText) throw new FunctionFailure('improper constraint: it is too long')
  return constraint.split('||').some((alternative) => {
    const ranged = alternative.replace(/(\S+)\s+-\s+(\S+)/g, '>=$1,<=$2')
    const conditions = ranged.split(/,|(?<=[0-9A-Za-z*])\s+(?=[<>=!~^0-9v*xX])/).filter((text) => text.trim() !== '')
    if (conditions.length === 0) throw new FunctionFailure(`improper constraint: ${constraint}`)
    return conditions.map(parseCondition).every((condition) => meets(version, condition))
  })
}
