/** Where the parts of a rig listen, all on loopback, and what they read. */
export interface Places {
  folder: string
  ports: { etcd: number; peers: number; api: number; controllers: number; scheduler: number }
}

const openPaths = '/healthz,/readyz,/livez,/metrics'
const local = (port: number): string => `http://127.0.0.1:${port}`
/** The address of the API. */
export const apiUrl = ({ ports }: Places): string => `https://127.0.0.1:${ports.api}`
const file = ({ folder }: Places, name: string): string => `${folder}/${name}`

/** The parts of a Kubernetes control plane without machines, in the order in which they start, and their arguments. */
export const parts = [
  {
    name: 'etcd',
    arguments: (places: Places): string[] => [
      '--name=node0',
      `--data-dir=${file(places, 'etcd')}`,
      `--listen-client-urls=${local(places.ports.etcd)}`,
      `--advertise-client-urls=${local(places.ports.etcd)}`,
      `--listen-peer-urls=${local(places.ports.peers)}`,
      `--initial-advertise-peer-urls=${local(places.ports.peers)}`,
      `--initial-cluster=node0=${local(places.ports.peers)}`,
    ],
  },
  {
    name: 'kube-apiserver',
    arguments: (places: Places): string[] => [
      `--etcd-servers=${local(places.ports.etcd)}`,
      '--etcd-prefix=/registry',
      '--bind-address=127.0.0.1',
      `--secure-port=${places.ports.api}`,
      `--tls-cert-file=${file(places, 'admin.crt')}`,
      `--tls-private-key-file=${file(places, 'admin.key')}`,
      `--client-ca-file=${file(places, 'ca.crt')}`,
      `--service-account-key-file=${file(places, 'admin.key')}`,
      `--service-account-signing-key-file=${file(places, 'admin.key')}`,
      '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
      `--proxy-client-cert-file=${file(places, 'admin.crt')}`,
      `--proxy-client-key-file=${file(places, 'admin.key')}`,
      '--authorization-mode=Node,RBAC',
      '--allow-privileged=true',
      '--service-cluster-ip-range=10.96.0.0/12',
    ],
  },
  {
    name: 'kube-controller-manager',
    arguments: (places: Places): string[] => [
      `--kubeconfig=${file(places, 'kubeconfig')}`,
      `--authorization-always-allow-paths=${openPaths}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${places.ports.controllers}`,
      `--root-ca-file=${file(places, 'ca.crt')}`,
      `--service-account-private-key-file=${file(places, 'admin.key')}`,
      '--use-service-account-credentials',
      '--leader-elect=false',
    ],
  },
  {
    name: 'kube-scheduler',
    arguments: (places: Places): string[] => [
      `--kubeconfig=${file(places, 'kubeconfig')}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${places.ports.scheduler}`,
      `--authorization-always-allow-paths=${openPaths}`,
      '--leader-elect=false',
    ],
  },
  {
    name: 'kwok',
    arguments: (places: Places): string[] => [
      `--kubeconfig=${file(places, 'kubeconfig')}`,
      '--manage-all-nodes=true',
      '--node-ip=127.0.0.1',
      '--node-lease-duration-seconds=40',
      '--cidr=10.0.0.1/24',
    ],
  },
] as const

export type PartName = (typeof parts)[number]['name']

/** A node without a machine; kwok keeps it ready and runs what is scheduled on it. */
export const fakeNode = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: {
    name,
    annotations: { 'kwok.x-k8s.io/node': 'fake', 'node.alpha.kubernetes.io/ttl': '0' },
    labels: {
      'kubernetes.io/hostname': name,
      'kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
      'node-role.kubernetes.io/control-plane': '',
    },
  },
  status: {
    allocatable: { cpu: '32', memory: '256Gi', pods: '110' },
    capacity: { cpu: '32', memory: '256Gi', pods: '110' },
  },
})

/** An administrator's kubeconfig by files. */
export const kubeconfigOf = (places: Places) => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'rig', cluster: { server: apiUrl(places), 'certificate-authority': file(places, 'ca.crt') } }],
  users: [
    {
      name: 'admin@rig',
      user: { 'client-certificate': file(places, 'admin.crt'), 'client-key': file(places, 'admin.key') },
    },
  ],
  contexts: [{ name: 'admin@rig', context: { cluster: 'rig', user: 'admin@rig' } }],
  'current-context': 'admin@rig',
})
