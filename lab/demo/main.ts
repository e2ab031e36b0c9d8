import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { walkJourney } from './journey.ts'
import { fetchGhost } from './proof.ts'
import { startWorld, type World } from './world.ts'

const root = resolve(fileURLToPath(new URL('../..', import.meta.url)))

const help = `Usage: pnpm demo [--once] [--no-journey]

Starts a simulated LAN and Wild Central on http://localhost:5055, then walks from
nothing to an app running on a three-node cluster. Ctrl-C ends everything;
starting again goes on from where it was (state is in .demo/).

  --once        stop after the journey, with its exit code
  --no-journey  only start; type the commands yourself
`

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { once: { type: 'boolean' }, 'no-journey': { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const world = await startWorld({
    root,
    dataDirectory: resolve(process.env.WILD_CENTRAL_DATA || join(root, '.demo')),
    port: process.env.WILD_PORT ? Number(process.env.WILD_PORT) : 5055,
    network: process.env.WILD_LAB_NET || undefined,
    speed: process.env.WILD_LAB_SPEED ? Number(process.env.WILD_LAB_SPEED) : 10,
    machines: process.env.WILD_LAB_MACHINES ? Number(process.env.WILD_LAB_MACHINES) : undefined,
  })
  const stopped = watchOver(world)
  const url = `http://localhost:${new URL(world.url).port}`
  console.log(`Wild Central is up: ${url}  (simulated LAN, data in ${world.dataDirectory})`)
  const code = values['no-journey'] ? 0 : await tour(world)
  if (values.once) {
    await stopped.now()
    return code
  }
  console.log(
    `\nLook round: ${url}   API: ${url}/graphql   CLI: WILD_DAEMON_URL=${url} pnpm wild --help   Ctrl-C ends.`,
  )
  await stopped.byPerson
  return code
}

/** The journey, then the proof that the app answers. */
async function tour(world: World): Promise<number> {
  const started = Date.now()
  const code = await walkJourney(root, world, console.log)
  if (code !== 0) return code
  try {
    const page = await fetchGhost(world)
    const seconds = Math.round((Date.now() - started) / 1000)
    console.log(
      `\nSUCCESS: https://${page.host} answers through ${page.address}:${page.port} with “${page.title}” (${seconds} s).`,
    )
    return 0
  } catch (error) {
    console.error(`\nERROR: Ghost does not answer: ${(error as Error).message}`)
    return 5
  }
}

/** Ends both processes when the person says so; a daemon or lab that dies before is told, not hidden. */
function watchOver(world: World): { byPerson: Promise<void>; now(): Promise<void> } {
  let stopping = false
  function now(): Promise<void> {
    stopping = true
    return world.stop()
  }
  const byPerson = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => {
        if (stopping) return
        console.log('\nStopping…')
        now().then(resolve, resolve)
      })
  })
  const processes = [
    ['daemon', world.daemon],
    ['lab', world.lab],
  ] as const
  for (const [name, child] of processes)
    child.once('exit', (code) => {
      if (!stopping)
        console.error(`ERROR: the ${name} ended (${code}). Start the demo again; it goes on from where it was.`)
    })
  return { byPerson, now }
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(`ERROR: ${error.message.replace(/^ERROR: /, '')}`)
    process.exit(1)
  },
)
