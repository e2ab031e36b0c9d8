import type { ClusterView } from '../cluster-view.ts'
import type { KubeObject } from '../objects.ts'

const namespace = 'kube-system'
const everywhere = [
  { effect: 'NoSchedule', operator: 'Exists' },
  { effect: 'NoExecute', operator: 'Exists' },
]
const images = {
  coredns: 'registry.k8s.io/coredns/coredns:v1.12.4',
  flannel: 'ghcr.io/siderolabs/flannel:v0.27.4',
}

const account = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name, namespace },
})

/** The Corefile Talos writes. */
const corefile = `.:53 {
    errors
    health {
        lameduck 5s
    }
    ready
    log . {
        class error
    }
    prometheus :9153

    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 30
    }
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
        disable success cluster.local
        disable denial cluster.local
    }
    loop
    reload
    loadbalance
}
`

function coredns(): KubeObject[] {
  const labels = { 'k8s-app': 'kube-dns' }
  const container = {
    name: 'coredns',
    image: images.coredns,
    args: ['-conf', '/etc/coredns/Corefile'],
    ports: [
      { name: 'dns', protocol: 'UDP', containerPort: 53 },
      { name: 'dns-tcp', protocol: 'TCP', containerPort: 53 },
      { name: 'metrics', protocol: 'TCP', containerPort: 9153 },
    ],
    resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
    readinessProbe: { httpGet: { path: '/ready', port: 8181 } },
    volumeMounts: [{ name: 'config-volume', mountPath: '/etc/coredns', readOnly: true }],
  }
  const spec = {
    serviceAccountName: 'coredns',
    priorityClassName: 'system-cluster-critical',
    tolerations: [{ effect: 'NoSchedule', key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }],
    containers: [container],
    volumes: [
      { name: 'config-volume', configMap: { name: 'coredns', items: [{ key: 'Corefile', path: 'Corefile' }] } },
    ],
  }
  return [
    account('coredns'),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'coredns', namespace }, data: { Corefile: corefile } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'coredns', namespace, labels: { ...labels, 'kubernetes.io/name': 'CoreDNS' } },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: '25%' } },
        template: { metadata: { labels }, spec },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace, labels: { ...labels, 'kubernetes.io/name': 'CoreDNS' } },
      spec: {
        type: 'ClusterIP',
        clusterIP: '10.96.0.10',
        clusterIPs: ['10.96.0.10'],
        selector: labels,
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
          { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
          { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
        ],
      },
    },
  ]
}

function daemon(name: string, accountName: string, image: string): KubeObject[] {
  const labels = { 'k8s-app': name.replace('kube-flannel', 'flannel') }
  const spec = {
    hostNetwork: true,
    priorityClassName: 'system-node-critical',
    serviceAccountName: accountName,
    tolerations: everywhere,
    containers: [{ name, image, securityContext: { privileged: true } }],
  }
  return [
    account(accountName),
    {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name, namespace, labels },
      spec: {
        selector: { matchLabels: labels },
        updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
        template: { metadata: { labels }, spec },
      },
    },
  ]
}

/** The image of kube-proxy that belongs to a Kubernetes version. */
export const proxyImage = (cluster: ClusterView): string =>
  `registry.k8s.io/kube-proxy:v${cluster.kubernetesVersion.replace(/^v/, '')}`

/** What Talos applies to every new cluster: DNS, the proxy and the pod network. */
export const bootstrapManifests = (cluster: ClusterView): KubeObject[] => [
  ...coredns(),
  ...daemon('kube-proxy', 'kube-proxy', proxyImage(cluster)),
  ...daemon('kube-flannel', 'flannel', images.flannel),
]

/** The control plane's own pods as one control plane node shows them. */
export function staticPods(cluster: ClusterView, node: KubeObject): KubeObject[] {
  const tag = `v${cluster.kubernetesVersion.replace(/^v/, '')}`
  return ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map((component) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${component}-${node.metadata.name}`,
      namespace,
      labels: { 'k8s-app': component, tier: 'control-plane' },
      annotations: { 'kubernetes.io/config.mirror': 'static', 'kubernetes.io/config.source': 'http' },
      ownerReferences: [
        { apiVersion: 'v1', kind: 'Node', name: node.metadata.name, uid: node.metadata.uid ?? '', controller: true },
      ],
    },
    spec: {
      nodeName: node.metadata.name,
      hostNetwork: true,
      restartPolicy: 'Always',
      priorityClassName: 'system-cluster-critical',
      tolerations: [{ effect: 'NoExecute', operator: 'Exists' }],
      containers: [{ name: component, image: `registry.k8s.io/${component}:${tag}` }],
    },
    status: { phase: 'Pending', qosClass: 'Burstable' },
  }))
}
