import type { PlannedChange } from '../../operations/define.ts'
import { invalid } from '../../platform/errors.ts'
import type { Author } from '../../platform/history.ts'
import type { ConfigService } from '../config/index.ts'
import { usablePassphrase } from '../instances/index.ts'
import type { SecretsService } from '../secrets/index.ts'
import { checkRepository, keyPaths, passwordPath, rootPath } from './targets.ts'

/** Where backups of an instance are to go. What is not given stays. */
export interface TargetChange {
  /** restic repository; empty: encrypted files on this device. */
  place?: string
  /** Opens the repository. Never shown again. */
  password?: string
  accessKey?: string
  secretKey?: string
}

interface Deps {
  config: ConfigService
  secrets: SecretsService
  instances: { require(instance: string): Promise<void> }
}

type Secret = { path: string; value: string; what: string }

const secretFields = [
  ['password', passwordPath, 'the password of the repository'],
  ['accessKey', keyPaths.AWS_ACCESS_KEY_ID, 'the access key'],
  ['secretKey', keyPaths.AWS_SECRET_ACCESS_KEY, 'the secret key'],
] as const

/** Changes the target of an instance: secrets first, so that a place never stands there without what opens it. */
export function createTargetChange({ config, secrets, instances }: Deps) {
  /** Throws INVALID_INPUT naming the field. */
  async function checked(instance: string, change: TargetChange) {
    await instances.require(instance)
    const before = placeOf(await config.get(instance, rootPath))
    const wanted = change.place === undefined ? before : change.place.trim()
    const place = wanted === '' ? '' : checkRepository(wanted, 'place')
    const given = secretFields.flatMap(([field, path, what]): Secret[] => {
      const value = change[field]
      if (value === undefined || value === '') return []
      if (place === '')
        throw invalid(field, `${field}: files on this device need none; their password is made by itself.`)
      if (/[\r\n]/.test(value)) throw invalid(field, `${field}: it has a line break in it.`)
      return [{ path, what, value: field === 'password' ? usablePassword(value) : value }]
    })
    const opens = given.some(({ path }) => path === passwordPath) || (await secrets.value(instance, passwordPath))
    if (place !== '' && !opens)
      throw invalid(
        'password',
        'password: give the one the repository was made with, or a new one for a new repository.',
      )
    return { before, place, given }
  }

  async function changes(instance: string, change: TargetChange): Promise<PlannedChange[]> {
    const { before, place, given } = await checked(instance, change)
    const known = await Promise.all(given.map(({ path }) => secrets.value(instance, path)))
    const fresh = given.filter(({ value }, index) => value !== known[index])
    return [
      ...(place === before
        ? []
        : [
            {
              kind: 'note' as const,
              text: `backups of ${instance} would go to ${words(place)}; now: ${words(before)}`,
            },
          ]),
      ...fresh.map(({ what }) => ({ kind: 'note' as const, text: `${what} would be set` })),
    ]
  }

  return {
    changes,
    async set(instance: string, change: TargetChange, by: Author): Promise<void> {
      const { before, place, given } = await checked(instance, change)
      for (const { path, value } of given) await secrets.set(instance, { path, value }, by)
      if (place !== before) await config.set(instance, [{ path: rootPath, value: place || undefined }], by)
    },
  }
}

const placeOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '')
const words = (place: string): string => place || 'encrypted files on this device'

function usablePassword(value: string): string {
  try {
    usablePassphrase(value)
    return value
  } catch {
    throw invalid('password', 'password: at least 10 characters, please.')
  }
}
