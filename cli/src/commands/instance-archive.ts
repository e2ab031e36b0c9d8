import { lstat, open, readFile, rename, rm } from 'node:fs/promises'
import type { Command } from 'commander'
import { askSecret } from '../ask.ts'
import { act, addCommand } from '../command.ts'
import { fileReason, usageError } from '../errors.ts'
import { formatBytes } from '../output/units.ts'
import type { Answer } from '../rest/client.ts'
import { route } from '../rest/route.ts'
import type { Instance } from '../rest/types.ts'
import type { Session } from '../session.ts'
import { showChange } from '../show.ts'

const shortestPassphrase = 10

interface ExportOptions {
  to: string
  force?: boolean
  passphraseFile?: string
}

/** Adds `instance export` and `instance import`. Passphrases never travel in arguments. */
export function addArchiveCommands(group: Command): void {
  addCommand(group, 'export [name]', 'Write an instance with all its keys to one file, encrypted with a passphrase', [
    'instance export home --to home.wild',
    'instance export --to /media/stick/home.wild --force --passphrase-file passphrase.txt',
  ])
    .requiredOption('--to <file>', 'the file to write (mode 0600)')
    .option('--force', 'replace a file that is there')
    .option('--passphrase-file <file>', 'read the passphrase from a file (a newline at its end is dropped)')
    .action(
      act<[string | undefined], ExportOptions>(async (session, [name], { to, force, passphraseFile }) => {
        if (!force) await refuseTaken(to)
        const path = route`/instances/${name ?? (await session.instance())}`
        const { name: instance } = await session.api.get<Instance>(path)
        const passphrase = await passphraseOf(session, passphraseFile, true)
        const bytes = await session.api.download(`${path}/export`, { passphrase })
        await save(to, bytes, force === true)
        const answer = { success: true, data: { name: instance, file: to, size: bytes.length } }
        await showChange(session, answer, `Exported ${instance} to ${to} (${formatBytes(bytes.length)}).`)
        session.messages.info('Keep the passphrase: without it nobody can open the file.')
      }),
    )
  addCommand(group, 'import <file>', 'Make an instance of an exported file', [
    'instance import home.wild',
    'instance import home.wild --name home-again',
  ])
    .option('--name <name>', 'another name for it (default: the name it had)')
    .option('--passphrase-file <file>', 'read the passphrase from a file (a newline at its end is dropped)')
    .action(
      act<[string], { name?: string; passphraseFile?: string }>(async (session, [file], { name, passphraseFile }) => {
        const archive = (await readGiven(file)).toString('base64')
        const passphrase = await passphraseOf(session, passphraseFile, false)
        const body = { archive, passphrase, ...(name === undefined ? {} : { name }) }
        const answer = await session.api.send<Answer<Instance>>('POST', '/instances/import', body)
        await showChange(session, answer.data, `Imported ${file} as instance ${answer.data.name}.`)
        session.messages.info(`To work on it: wild-cli context use ${answer.data.name}`)
      }),
    )
}

async function refuseTaken(file: string): Promise<void> {
  const there = await lstat(file).catch(() => undefined)
  if (there?.isDirectory()) throw usageError(`${file} is a folder; name a file in it.`)
  if (there) throw usageError(`${file} is there already.`, 'Choose another name, or replace it with --force.')
}

/** From a file, or asked for; `twice` guards against a slip in a passphrase that nothing can bring back. */
async function passphraseOf(session: Session, file: string | undefined, twice: boolean): Promise<string> {
  if (file !== undefined) return checked((await readGiven(file)).toString('utf8').replace(/\r?\n$/, ''))
  if (!session.interactive)
    throw usageError('There is no terminal to ask for the passphrase.', 'Give it with --passphrase-file FILE.')
  const passphrase = checked(
    await askSecret(session, twice ? `Passphrase (${shortestPassphrase} characters or more)` : 'Passphrase'),
  )
  if (twice && (await askSecret(session, 'The passphrase again')) !== passphrase)
    throw usageError('The two passphrases differ; nothing was written.')
  return passphrase
}

function checked(passphrase: string): string {
  if ([...passphrase].length < shortestPassphrase)
    throw usageError(`The passphrase is too short: it takes ${shortestPassphrase} characters or more.`)
  return passphrase
}

async function readGiven(file: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (error) {
    throw usageError(`Cannot read ${file}: ${fileReason(error)}.`)
  }
}

/** Whole or not at all; an older file stays until the new one is complete. */
async function save(file: string, bytes: Uint8Array, replace: boolean): Promise<void> {
  const target = replace ? `${file}.${process.pid}.part` : file
  let made = false
  try {
    const handle = await open(target, 'wx', 0o600)
    made = true
    try {
      await handle.writeFile(bytes)
      await handle.sync()
    } finally {
      await handle.close()
    }
    if (replace) await rename(target, file)
  } catch (error) {
    if (made) await rm(target, { force: true })
    throw usageError(`Cannot write ${file}: ${fileReason(error)}.`)
  }
}
