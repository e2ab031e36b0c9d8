import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createCentral } from './central/index.ts'
import { createTokenStore } from './domains/access/token.ts'
import { restoreDevice } from './domains/backups/restore-device.ts'
import { asWildError, WildError } from './platform/errors.ts'
import { createPaths } from './platform/paths.ts'
import { readSettings } from './platform/settings.ts'
import { holdDataDirectory } from './platform/single-daemon.ts'

/** Folder of the server package, from source and from the bundle alike. */
const server = fileURLToPath(new URL('..', import.meta.url))
const stopLimitMs = 9_000

async function main(): Promise<void> {
  const settings = readSettings(process.env, fileURLToPath(new URL('../../catalog', import.meta.url)))
  if (process.argv[2] === 'new-token') return newToken(settings.dataDirectory)
  if (process.argv[2] === 'restore') return restore(settings.dataDirectory, process.argv[3])
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

/** Makes this device what another one was, from one file. The passphrase comes from a file or standard input, never from arguments. */
async function restore(data: string, file: string | undefined): Promise<void> {
  if (!file) throw new WildError('INVALID_INPUT', 'Which file? Use: wildd restore FILE', { field: 'file' })
  const hold = await holdDataDirectory(createPaths(data).run)
  try {
    const count = await restoreDevice(file, data, readPassphrase)
    console.log(`${count} files are restored into ${data}. Start the daemon as usual.`)
  } finally {
    hold.release()
  }
}

async function readPassphrase(): Promise<string> {
  const given = process.env.WILD_PASSPHRASE_FILE
  if (given) return (await readFile(given, 'utf8')).replace(/\r?\n$/, '')
  if (process.stdin.isTTY) console.log('Passphrase (it is shown while you type; to hide it, set WILD_PASSPHRASE_FILE):')
  for await (const line of createInterface({ input: process.stdin })) return line
  return ''
}

main().catch((error: unknown) => {
  const failure = asWildError(error)
  const cause = failure.cause instanceof Error ? ` (${failure.cause.message})` : ''
  console.error(`ERROR: ${failure.message}${failure.code === 'INTERNAL' ? cause : ''}`)
  process.exit(1)
})
