#!/usr/bin/env node
import manifest from '../package.json' with { type: 'json' }

// Everything else is loaded after this check, so that asking for the version costs little more than Node itself.
async function main(): Promise<void> {
  const args = process.argv.slice(2)
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-V')) {
    process.stdout.write(`${manifest.version}\n`)
    return
  }
  // `wild-cli … | head` closes the pipe early; that is no failure of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
  const { runProgram } = await import('./program.ts')
  process.exitCode = await runProgram(args, manifest.version)
}

void main()
