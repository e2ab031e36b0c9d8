import type { Audit } from '../../platform/audit.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Door } from '../../platform/door.ts'
import { WildError } from '../../platform/errors.ts'
import type { Masker } from '../../platform/masking.ts'
import type { TokenStore } from './token.ts'

/** Who may use the daemon. */
export interface AccessService {
  /** A token is wanted: the daemon listens beyond loopback and was not opened on purpose. */
  readonly wanted: boolean
  /** Makes the token at the first start that wants one; answers it this once. */
  begin(): Promise<string | undefined>
  /**
   * Lets a request pass that brings the token (or when none is wanted). `from` is the address it comes from: wrong tokens
   * from there are answered slower and slower. Throws UNAUTHENTICATED.
   */
  check(token: string | undefined, from: string): Promise<void>
  /** A new token instead of the old one. Throws CONFLICT when none is wanted. */
  replace(via: Door): Promise<string>
}

const firstPauseMs = 250
const longestPauseMs = 8_000
/** Addresses remembered at most; the oldest are forgotten. */
const mostAddresses = 1_000

/** Access by one token. */
export function createAccessService(deps: {
  wanted: boolean
  store: TokenStore
  clock: Clock
  masker: Masker
  audit: Audit
}): AccessService {
  const { wanted, store, clock, masker, audit } = deps
  const wrong = new Map<string, number>()

  async function make(): Promise<string> {
    const token = await store.make()
    masker.add([token])
    return token
  }

  function note(from: string): number {
    const times = (wrong.get(from) ?? 0) + 1
    wrong.delete(from)
    wrong.set(from, times)
    if (wrong.size > mostAddresses) wrong.delete(wrong.keys().next().value!)
    return Math.min(firstPauseMs * 2 ** (times - 1), longestPauseMs)
  }

  return {
    wanted,
    begin: async () => (wanted && !(await store.exists()) ? make() : undefined),
    async check(token, from) {
      if (!wanted) return
      if (token === undefined)
        throw new WildError('UNAUTHENTICATED', 'This daemon wants its token.', { hint: 'wild-cli login' })
      if (await store.matches(token)) return void wrong.delete(from)
      await clock.sleep(note(from))
      throw new WildError('UNAUTHENTICATED', 'This is not the token of this daemon.', {
        hint: 'wild-cli login, or a new one on the device itself: wildd new-token',
      })
    },
    async replace(via) {
      if (!wanted)
        throw new WildError(
          'CONFLICT',
          'This daemon wants no token: it answers this device alone, or was opened on purpose.',
        )
      audit.record({ action: 'token.replace', door: via, instance: '', key: 'token' })
      return make()
    },
  }
}
