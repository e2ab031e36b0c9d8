// Runs the whole suite and ends with a line for each test that failed and one line a machine can read:
// N passed, N failed, N skipped.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

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

/** What failed in one file, a line each: file, test and the first line of what was wrong. */
function failures({ name, status, message, assertionResults }) {
  const file = relative(root, name)
  const first = (text) =>
    stripVTControlCharacters(text ?? '')
      .split('\n', 1)[0]
      .slice(0, 300)
  const failed = assertionResults.filter((test) => test.status === 'failed')
  if (status === 'failed' && failed.length === 0) return [`${file}: ${first(message)}`]
  return failed.map(({ fullName, failureMessages }) => `${file} > ${fullName}: ${first(failureMessages[0])}`)
}

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
    for (const line of result.testResults.flatMap(failures)) console.log(`FAILED: ${line}`)
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
