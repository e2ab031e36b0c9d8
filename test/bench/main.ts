import { benchCli } from './cli.ts'
import { benchConfig } from './config.ts'
import { benchDiscovery } from './discovery.ts'
import { benchOperations } from './operations.ts'
import { benchWeb } from './web.ts'

/** Each benchmark measures something of ours beside a bare yardstick in the same run, and prints the ratio. */
const benches: Record<string, () => Promise<void>> = {
  operations: benchOperations,
  cli: benchCli,
  config: benchConfig,
  discovery: benchDiscovery,
  web: benchWeb,
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !(name in benches))
if (unknown.length) {
  console.error(`Unknown: ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}`)
  process.exit(2)
}
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length && !wanted.includes(name)) continue
  console.log(`\n${name}`)
  await bench()
}
