import { createCa } from '../../pki/index.ts'
import type { KubeObject, ObjectStore } from '../objects.ts'
import { reconcileCertificates } from './certificates.ts'
import { isTrue } from './conditions.ts'
import type { ControllerContext, Reconciler } from './context.ts'
import { reconcileIssuers } from './issuers.ts'

export const certManagerNamespace = 'cert-manager'
const parts = ['cert-manager', 'cert-manager-cainjector', 'cert-manager-webhook']
const webhookCa = 'cert-manager-webhook-ca'
const injectFrom = 'cert-manager.io/inject-ca-from-secret'

const certManagerReady = (objects: ObjectStore): boolean =>
  parts.every((name) => isTrue(objects.get('Deployment', certManagerNamespace, name), 'Available'))

/** The webhook makes its own CA at its first start. */
async function ensureWebhookCa({ objects }: ControllerContext): Promise<void> {
  if (objects.get('Secret', certManagerNamespace, webhookCa) !== undefined) return
  const { crt, key } = await createCa({ commonName: 'cert-manager-webhook-ca', organization: '', algorithm: 'p256' })
  const [cert, secretKey] = [crt, key].map((text) => Buffer.from(text).toString('base64'))
  objects.create({
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: {
      name: webhookCa,
      namespace: certManagerNamespace,
      annotations: { 'cert-manager.io/allow-direct-injection': 'true' },
    },
    data: { 'ca.crt': cert, 'tls.crt': cert, 'tls.key': secretKey },
  })
}

/** Webhooks that ask for it get the CA they are called with. */
function injectCa({ objects }: ControllerContext): void {
  const kinds = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']
  for (const configuration of kinds.flatMap((kind) => objects.list(kind))) {
    const [namespace = '', name = ''] = (configuration.metadata.annotations?.[injectFrom] ?? '').split('/')
    const caBundle = objects.get('Secret', namespace, name)?.data?.['ca.crt']
    if (caBundle === undefined) continue
    const webhooks = (configuration.webhooks ?? []).map((webhook: KubeObject['spec']) => ({
      ...webhook,
      clientConfig: { ...webhook.clientConfig, caBundle },
    }))
    objects.update({ ...configuration, webhooks })
  }
}

/** cert-manager, once its three parts run: issuers, certificates and the CA of its webhook. */
export const certManager: Reconciler = {
  name: 'cert-manager',
  watches: [
    'Certificate',
    'ClusterIssuer',
    'Deployment',
    'Issuer',
    'MutatingWebhookConfiguration',
    'Secret',
    'ValidatingWebhookConfiguration',
  ],
  reconcile: async (context) => {
    if (!certManagerReady(context.objects)) return
    await ensureWebhookCa(context)
    injectCa(context)
    await reconcileIssuers(context)
    await reconcileCertificates(context)
  },
}
