// Runs the whole suite and ends with one line a machine can read: N passed, N failed, N skipped.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'wild-test-'))
const report = join(folder, 'report.json')
const args = [
  join(root, 'node_modules/vitest/vitest.mjs'),
  'run',
  '--root',
  root,
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
]

const child = spawn(process.execPath, [...args, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { WILD_TEST_DEPTH: 'quick', ...process.env },
})
child.once('exit', (code) => {
  let counts = { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 }
  let broken = 0
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'))
    counts = result
    // A file that does not load has no tests to count, and is a failure all the same.
    broken = result.testResults.filter(
      ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
    ).length
  } catch {
    broken = 1
  }
  rmSync(folder, { recursive: true, force: true })
  const failed = counts.numFailedTests + broken
  const skipped = counts.numPendingTests + counts.numTodoTests
  console.log(`${counts.numPassedTests} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`)
  process.exit(code === 0 && failed === 0 && counts.numPassedTests > 0 ? 0 : 1)
})
