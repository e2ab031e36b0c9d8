import { setTimeout as delay } from 'node:timers/promises'
import { printSeed } from '../depth.ts'
import { findAll } from '../tools/find.ts'
import type { Outcome, Suite } from './suite.ts'
import { strictValidationSuite } from './suites/api-server.ts'
import { apiServerAppsSuite } from './suites/api-server-apps.ts'
import { dnsmasqSuite } from './suites/dnsmasq.ts'
import { journeySuite, talosctlWireSuite, wireSuite } from './suites/journey.ts'
import { kustomizeSuites } from './suites/kustomize.ts'
import { renderingSuite } from './suites/rendering.ts'
import { talosctlOfflineSuite } from './suites/talosctl-offline.ts'
import { yamlPathSuite } from './suites/yaml-paths.ts'

/**
 * `pnpm contract [WORD…]`: holds what product and lab claim against the real tools of this machine. Prints a table, ends with
 * `N passed, N failed, N skipped`, and fails when something differs or a promised tool is not there.
 */
const suites: Suite[] = [
  renderingSuite,
  yamlPathSuite,
  dnsmasqSuite,
  ...kustomizeSuites,
  journeySuite,
  wireSuite,
  talosctlOfflineSuite,
  talosctlWireSuite,
  strictValidationSuite,
  apiServerAppsSuite,
]
const shownDifferences = 10
/** Longest one suite may take, ms: `WILD_CONTRACT_LIMIT` seconds, a quarter of an hour when it is not set. */
const limitMs = Number(process.env.WILD_CONTRACT_LIMIT || 900) * 1_000
/** Words of the command line choose suites by their title. */
const chosen = suites.filter(({ title }) => process.argv.slice(2).every((word) => title.includes(word)))

async function withinLimit(work: Promise<Outcome>): Promise<Outcome> {
  const late = new AbortController()
  const tooLong = delay(limitMs, undefined, { signal: late.signal, ref: false }).then(() => {
    throw new Error(`took longer than ${limitMs / 1_000} s`)
  })
  try {
    return await Promise.race([work, tooLong])
  } finally {
    tooLong.catch(() => {})
    late.abort()
  }
}

const found = await findAll()
const there = new Map(found.flatMap(({ tool, path, trouble }) => (path && !trouble ? [[tool.name, path]] : [])))
const versions = new Map(found.map(({ tool, version, trouble }) => [tool.name, trouble ?? version ?? 'missing']))
const rows: string[][] = [['TOOL', 'VERSION', 'WHAT', 'CASES', 'OUTCOME']]
let passed = 0
let failed = 0
let skipped = 0

printSeed('contract')
for (const suite of chosen) {
  const missing = suite.needs.filter((name) => !there.has(name))
  const tool = suite.needs.join(', ') || '-'
  const version = suite.needs.map((name) => versions.get(name)).join(', ') || '-'
  if (missing.length) {
    skipped++
    rows.push([tool, version, suite.title, '0', `skipped: ${missing.join(', ')} is not here (pnpm tools)`])
    continue
  }
  process.stderr.write(`${suite.title}…\n`)
  try {
    const { cases, differences } = await withinLimit(suite.run(there))
    for (const line of differences.slice(0, shownDifferences)) console.log(`DIFFERENT ${line}`)
    if (differences.length) failed++
    else passed++
    rows.push([tool, version, suite.title, String(cases), differences.length ? `${differences.length} differ` : 'same'])
  } catch (error) {
    failed++
    rows.push([tool, version, suite.title, '?', `failed: ${(error as Error).message}`])
  }
}
for (const { tool, trouble, path } of found)
  if (tool.promised && (!path || trouble)) {
    failed++
    rows.push([tool.name, 'missing', tool.for, '0', 'promised and not here: pnpm tools --get'])
  }

const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
for (const row of rows)
  console.log(
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)
process.exit(failed ? 1 : 0)
