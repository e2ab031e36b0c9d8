import { readFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { askSecret } from '../ask.ts'
import { act, addCommand } from '../command.ts'
import { fileReason, usageError } from '../errors.ts'
import type { Session } from '../session.ts'
import { showFields } from '../show.ts'
import { placeOf } from './backup-model.ts'

interface Target {
  kind: string
  place: string
  problem?: string | null
}

interface Options {
  device?: boolean
  place?: string
  askPassword?: boolean
  passwordFromFile?: string
  askKeys?: boolean
}

/** Adds `backup target`. */
export function addTarget(group: Command): void {
  addCommand(group, 'target', 'Show or say where backups go', [
    'backup target',
    'backup target --place sftp:me@nas:/backups/wild --ask-password',
    'backup target --place ""',
    'backup target --device',
  ])
    .option('--device', 'those of the whole device')
    .option(
      '--place <repository>',
      'restic repository for backups of the instance ("" keeps them as files on the device)',
    )
    .option('--ask-password', 'ask for the password of the repository')
    .option('--password-from-file <file>', 'read it from a file (a newline at its end is dropped)')
    .option('--ask-keys', 'ask for the access key and the secret key of S3')
    .action(
      act<[], Options>(async (session, _args, options) => {
        const path = `${await placeOf(session, options.device)}/target`
        const change = await changeOf(session, options)
        if (change && options.device)
          throw usageError('That of the device is set by: wild-cli backup schedule --repository, backup passphrase.')
        const target = change
          ? (await session.api.send<{ data: Target }>('PUT', path, change)).data
          : await session.api.get<Target>(path)
        await show(session, target)
      }),
    )
}

async function changeOf(session: Session, options: Options): Promise<Record<string, string> | undefined> {
  const { place, askPassword, passwordFromFile, askKeys } = options
  const change = {
    ...(place === undefined ? {} : { place }),
    ...(askPassword ? { password: await askSecret(session, 'Password of the repository') } : {}),
    ...(passwordFromFile === undefined ? {} : { password: await lineOf(passwordFromFile) }),
    ...(askKeys
      ? { access_key: await askSecret(session, 'Access key'), secret_key: await askSecret(session, 'Secret key') }
      : {}),
  }
  return Object.keys(change).length > 0 ? change : undefined
}

async function lineOf(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw usageError(`${file} cannot be read: ${fileReason(error)}.`)
  })
  return text.replace(/\r?\n$/, '')
}

async function show(session: Session, target: Target): Promise<void> {
  await showFields(session, target, {
    Kind: target.kind,
    Place: target.place || undefined,
    Problem: target.problem ?? undefined,
  })
  if (target.kind === 'archive' && !session.structured)
    session.messages.info(
      'They lie on this device and are lost with it. Name a restic repository: wild-cli backup target --place /mnt/backup/restic --ask-password',
    )
}
