import type { KubeObject } from '../objects.ts'
import { deployment, service, type TestCluster } from './test-cluster.ts'

const privileged = { 'pod-security.kubernetes.io/enforce': 'privileged' }
const namespace = (name: string, labels = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels },
})

/** MetalLB's controller and speakers, without configuration. */
export function addMetallb(cluster: TestCluster): void {
  const labels = { app: 'speaker' }
  cluster.add(namespace('metallb-system', privileged), deployment('controller', {}, {}, 'metallb-system'), {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'speaker', namespace: 'metallb-system' },
    spec: {
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'speaker', image: 'metallb/speaker:v0.16.1' }] } },
    },
  })
}

/** A pool of addresses, advertised. */
export function addAddressPool(cluster: TestCluster, addresses: string): void {
  const metadata = { name: 'first-pool', namespace: 'metallb-system' }
  cluster.add(
    { apiVersion: 'metallb.io/v1beta1', kind: 'IPAddressPool', metadata, spec: { addresses: [addresses] } },
    { apiVersion: 'metallb.io/v1beta1', kind: 'L2Advertisement', metadata, spec: {} },
  )
}

/** cert-manager's three parts. */
export function addCertManager(cluster: TestCluster): void {
  const names = ['cert-manager', 'cert-manager-cainjector', 'cert-manager-webhook']
  cluster.add(
    namespace('cert-manager'),
    ...names.map((name) => deployment(name, {}, {}, 'cert-manager')),
    service('cert-manager-webhook', 443, {}, 'cert-manager'),
  )
}

const traefikArgs = [
  '--entryPoints.web.address=:8000/tcp',
  '--entryPoints.websecure.address=:8443/tcp',
  '--entryPoints.traefik.address=:8080/tcp',
  '--providers.kubernetesingress',
  '--providers.kubernetescrd',
  '--providers.kubernetesingress.ingressendpoint.publishedservice=traefik/traefik',
]

/** Traefik with its Service, class and permissions. */
export function addTraefik(cluster: TestCluster, moreArgs: string[] = []): void {
  const ports = [
    { name: 'web', containerPort: 8000 },
    { name: 'websecure', containerPort: 8443 },
  ]
  const containers = [
    { name: 'traefik', image: 'docker.io/traefik:v3.4.1', args: [...traefikArgs, ...moreArgs], ports },
  ]
  const rules = [
    { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'ingressclasses'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: ['networking.k8s.io'], resources: ['ingresses/status'], verbs: ['update'] },
    { apiGroups: ['traefik.io'], resources: ['ingressroutes', 'middlewares'], verbs: ['get', 'list', 'watch'] },
  ]
  const rbac = 'rbac.authorization.k8s.io/v1'
  cluster.add(
    namespace('traefik'),
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'traefik', namespace: 'traefik' } },
    { apiVersion: rbac, kind: 'ClusterRole', metadata: { name: 'traefik' }, rules },
    {
      apiVersion: rbac,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'traefik' },
      roleRef: { kind: 'ClusterRole', name: 'traefik' },
      subjects: [{ kind: 'ServiceAccount', name: 'traefik', namespace: 'traefik' }],
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'traefik', annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
      spec: { controller: 'traefik.io/ingress-controller' },
    },
    deployment('traefik', { serviceAccountName: 'traefik', containers }, {}, 'traefik'),
    service(
      'traefik',
      80,
      {
        type: 'LoadBalancer',
        ports: [
          { name: 'web', port: 80, targetPort: 'web' },
          { name: 'websecure', port: 443, targetPort: 'websecure' },
        ],
      },
      'traefik',
    ),
  )
}
