import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFileIfThere, writeFileAtomic } from '../../platform/atomic-file.ts'
import { WildError } from '../../platform/errors.ts'

/** The daemon's token: only a hash of it is kept, in a file of mode 0600. It is random and long, so a plain hash is enough. */
export interface TokenStore {
  exists(): Promise<boolean>
  /** Makes a new one; the old one is worth nothing from now on. */
  make(): Promise<string>
  matches(token: string): Promise<boolean>
}

const hashOf = (token: string) => createHash('sha256').update(token).digest()

/** A store over one file. Throws CONFIG_INVALID when it holds something else: then nobody is let in. */
export function createTokenStore(file: string): TokenStore {
  async function hash(): Promise<Buffer | undefined> {
    const text = await readFileIfThere(file)
    if (text === undefined) return undefined
    try {
      const bytes = Buffer.from(JSON.parse(text).sha256, 'hex')
      if (bytes.length === 32) return bytes
    } catch {}
    throw new WildError('CONFIG_INVALID', `${file} holds no token. Make a new one on this device: wildd new-token`, {
      file,
    })
  }
  return {
    exists: async () => (await readFileIfThere(file)) !== undefined,
    async make() {
      const token = `wild_${randomBytes(24).toString('base64url')}`
      const note = { sha256: hashOf(token).toString('hex'), createdAt: new Date().toISOString() }
      await writeFileAtomic(file, `${JSON.stringify(note)}\n`, { mode: 0o600 })
      return token
    },
    async matches(token) {
      const known = await hash()
      return known !== undefined && timingSafeEqual(known, hashOf(token))
    },
  }
}
