import { fileURLToPath } from 'node:url'
import { createCentral } from './central.ts'
import { createTokenStore } from './domains/access/token.ts'
import { asWildError } from './platform/errors.ts'
import { createPaths } from './platform/paths.ts'
import { readSettings } from './platform/settings.ts'

/** Folder of the server package, from source and from the bundle alike. */
const server = fileURLToPath(new URL('..', import.meta.url))
const stopLimitMs = 9_000

async function main(): Promise<void> {
  const settings = readSettings(process.env, fileURLToPath(new URL('../../catalog', import.meta.url)))
  if (process.argv[2] === 'new-token') return newToken(settings.dataDirectory)
  const central = await createCentral(settings, server)
  const { url, token } = await central.listen()
  if (token) console.log(`Its token, shown this once: ${token}\nUse it with: wild-cli login, or in the browser.`)
  if (settings.open) console.log('WILD_AUTH=off: everybody on the network can use it.')
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

/** For somebody who lost it: works while the daemon runs, and needs the right to write its files. */
async function newToken(data: string): Promise<void> {
  const token = await createTokenStore(createPaths(data).token).make()
  console.log(`The token, shown this once: ${token}`)
}

main().catch((error: unknown) => {
  const failure = asWildError(error)
  const cause = failure.cause instanceof Error ? ` (${failure.cause.message})` : ''
  console.error(`ERROR: ${failure.message}${failure.code === 'INTERNAL' ? cause : ''}`)
  process.exit(1)
})
