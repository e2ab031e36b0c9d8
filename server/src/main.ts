import { fileURLToPath } from 'node:url'
import { createCentral } from './central.ts'
import { asWildError } from './platform/errors.ts'
import { readSettings } from './platform/settings.ts'

/** Folder of the server package, from source and from the bundle alike. */
const server = fileURLToPath(new URL('..', import.meta.url))
const stopLimitMs = 9_000

async function main(): Promise<void> {
  const settings = readSettings(process.env, fileURLToPath(new URL('../../catalog', import.meta.url)))
  const central = await createCentral(settings, server)
  const url = await central.listen()
  console.log(`Wild Central answers at ${url}`)
  // Whoever reads our output may go away (a closed terminal, a killed parent). The log file remains; reporting the
  // broken pipe on that same pipe would never end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      if (stopping) return
      stopping = true
      central.stop(stopLimitMs).then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
  process.on('unhandledRejection', (error) => central.log.error({ err: error }, 'unhandled rejection'))
  process.on('uncaughtException', (error) => central.log.error({ err: error }, 'uncaught exception'))
}

main().catch((error: unknown) => {
  const failure = asWildError(error)
  const cause = failure.cause instanceof Error ? ` (${failure.cause.message})` : ''
  console.error(`ERROR: ${failure.message}${failure.code === 'INTERNAL' ? cause : ''}`)
  process.exit(1)
})
