import { WildError } from '../platform/errors.ts'
import type { RunTool } from '../platform/run-tool.ts'

/** dnsmasq as a command; as a server it is run by domains/dns/child.ts. */
export interface Dnsmasq {
  /** Checks a configuration file. Throws CONFIG_INVALID with what dnsmasq says, or TOOL_MISSING. */
  test(file: string): Promise<void>
}

/** The adapter over a runner. dnsmasq says everything on standard error (facts/tools.md 6.1). */
export function createDnsmasq(run: RunTool): Dnsmasq {
  return {
    async test(file) {
      const { exitCode, stderr } = await run({ tool: 'dnsmasq', args: ['--test', '-C', file], okExits: [0, 1, 3] })
      if (exitCode === 0) return
      const said = stderr.trim().replace(/^dnsmasq: /, '')
      throw new WildError('CONFIG_INVALID', `dnsmasq does not accept the configuration: ${said}.`, { output: said })
    },
  }
}
