import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { createCa, issueCertificate } from '../../../lab/src/pki/index.ts'
import { kubeconfigOf, type Places } from './arguments.ts'

const names = ['127.0.0.1', 'localhost', 'kubernetes.default.svc', '10.96.0.1']

/** Writes the CA, one certificate for server, administrator and service accounts, and a kubeconfig; answers its path. */
export async function writeCredentials(places: Places): Promise<string> {
  const ca = await createCa({ organization: 'rig', commonName: 'rig', algorithm: 'p256' })
  const admin = await issueCertificate({
    ca,
    organization: 'system:masters',
    commonName: 'kubernetes-admin',
    sans: names,
    days: 1,
    usages: ['client', 'server'],
    algorithm: 'p256',
  })
  const write = (name: string, text: string): void => writeFileSync(join(places.folder, name), text, { mode: 0o600 })
  write('ca.crt', ca.crt)
  write('admin.crt', admin.crt)
  write('admin.key', admin.key)
  write('kubeconfig', stringify(kubeconfigOf(places)))
  return join(places.folder, 'kubeconfig')
}
