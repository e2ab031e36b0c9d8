import { afterAll, beforeEach } from 'vitest'
import { buildTestCli, type TestCli } from './run-cli.ts'
import { startTestDaemon, type TestDaemon } from './test-daemon.ts'

/** The CLI as it is shipped and a daemon for it to ask, for all tests of a file; each test begins with one that knows nothing. */
export async function testCli(): Promise<{ daemon: TestDaemon; cli: TestCli }> {
  const daemon = await startTestDaemon()
  const cli = await buildTestCli(daemon.url)
  beforeEach(() => daemon.reset())
  afterAll(async () => {
    cli.remove()
    await daemon.stop()
  })
  return { daemon, cli }
}
