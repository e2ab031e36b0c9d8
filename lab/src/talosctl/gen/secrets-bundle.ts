import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto'
import { createCa, toBase64, toTalosKey } from '../../pki/index.ts'

interface Pair {
  crt: string
  key: string
}

/** The file `gen secrets` writes: crt and key are base64 of PEM. */
export interface SecretsBundle {
  cluster: { id: string; secret: string }
  secrets: { bootstraptoken: string; secretboxencryptionsecret: string }
  trustdinfo: { token: string }
  certs: { etcd: Pair; k8s: Pair; k8saggregator: Pair; k8sserviceaccount: { key: string }; os: Pair }
}

const KEY_BYTES = 32
const SERVICE_ACCOUNT_BITS = 2048
const TOKEN_ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Makes the secrets of a new cluster. The service account key is shorter than Talos makes it, which takes long. */
export async function generateSecrets(): Promise<SecretsBundle> {
  const [etcd, k8s, k8saggregator, os] = await Promise.all([
    createCa({ organization: 'etcd', algorithm: 'p256' }),
    createCa({ organization: 'kubernetes', algorithm: 'p256' }),
    createCa({ organization: '', algorithm: 'p256' }),
    createCa({ organization: 'talos', algorithm: 'ed25519' }),
  ])
  return {
    cluster: {
      id: randomBytes(KEY_BYTES).toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
      secret: randomBytes(KEY_BYTES).toString('base64'),
    },
    secrets: { bootstraptoken: token(), secretboxencryptionsecret: randomBytes(KEY_BYTES).toString('base64') },
    trustdinfo: { token: token() },
    certs: {
      etcd: encoded(etcd),
      k8s: encoded(k8s),
      k8saggregator: encoded(k8saggregator),
      k8sserviceaccount: { key: toBase64(serviceAccountKey()) },
      os: encoded({ crt: os.crt, key: toTalosKey(os.key) }),
    },
  }
}

const encoded = ({ crt, key }: Pair): Pair => ({ crt: toBase64(crt), key: toBase64(key) })

function token(): string {
  const letters = (length: number): string =>
    Array.from({ length }, () => TOKEN_ALPHABET[randomInt(TOKEN_ALPHABET.length)]).join('')
  return `${letters(6)}.${letters(16)}`
}

function serviceAccountKey(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: SERVICE_ACCOUNT_BITS })
  return String(privateKey.export({ type: 'pkcs1', format: 'pem' }))
}
