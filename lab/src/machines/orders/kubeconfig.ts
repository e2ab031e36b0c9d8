import { stringify } from 'yaml'
import { issueCertificate, toBase64 } from '../../pki/index.ts'
import type { ConfiguredMachine } from '../reach.ts'
import { RpcError } from '../rpc-error.ts'

const DAYS = 365

/** An administrator's kubeconfig for the machine's cluster, as YAML. Throws RpcError on workers. */
export async function kubeconfigOf({ facts }: ConfiguredMachine): Promise<string> {
  if (facts.role !== 'controlplane')
    throw new RpcError('Unimplemented', 'kubeconfig is only available on control plane nodes')
  const client = await issueCertificate({
    ca: facts.kubernetesCa,
    organization: 'system:masters',
    commonName: 'admin',
    sans: [],
    days: DAYS,
    usages: ['client'],
    algorithm: 'p256',
  })
  const name = `admin@${facts.clusterName}`
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: facts.clusterName,
          cluster: { server: facts.endpoint, 'certificate-authority-data': toBase64(facts.kubernetesCa.crt) },
        },
      ],
      users: [
        { name, user: { 'client-certificate-data': toBase64(client.crt), 'client-key-data': toBase64(client.key) } },
      ],
      contexts: [{ context: { cluster: facts.clusterName, namespace: 'default', user: name }, name }],
      'current-context': name,
    },
    { lineWidth: 0 },
  )
}
