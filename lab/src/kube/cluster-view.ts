/** What the Kubernetes half of the lab may know of the machine half. Implemented by lab/src/machines. */
export interface NodeView {
  /** Kubernetes node name: the hostname in the machine config. */
  name: string
  ip: string
  role: 'controlplane' | 'worker'
  /** True once the machine runs, etcd is bootstrapped and the kubelet has registered. */
  registered: boolean
  /** The machine runs and reaches the network: only then a deleted node comes back. Default true. */
  online?: boolean
  /** The kubelet reports Ready. False while the machine reboots or is gone. */
  ready: boolean
  /** How far its clock is ahead, ms. */
  clockOffset?: number
  talosVersion: string
  kubernetesVersion: string
  /** From the applied machine config (plus what Talos adds by itself). */
  labels: Record<string, string>
  taints: { key: string; value?: string; effect: 'NoSchedule' | 'NoExecute' }[]
  /** kubelet extraMounts with a bind of /var/lib/longhorn, rshared. */
  hasLonghornMount: boolean
  /** System extensions of the schematic the installer image names (e.g. siderolabs/iscsi-tools). */
  extensions: string[]
  /** Graphics cards put in, as PCI class and vendor: `0300_10de`. */
  cards?: string[]
  /** Bytes of the system disk, for storage capacity. */
  diskBytes: number
}
export interface ClusterView {
  /** cluster.id of the machine config: the key for everything of this cluster. */
  id: string
  name: string
  vip: string
  /** The API server listens (etcd bootstrapped on a control plane and its start-up time over) and a control plane is alive. */
  apiUp: boolean
  /** Etcd has lost its majority: the API server listens, and can neither read nor write. Default false. */
  etcdStalled?: boolean
  /** PEM of the Kubernetes CA (cluster.ca) and of its key, decoded from base64. */
  ca: { crt: string; key: string }
  kubernetesVersion: string
  nodes: NodeView[]
}
export interface Clusters {
  list(): ClusterView[]
  /** Called after every change of any cluster view. Returns a cancel function. */
  onChange(listener: () => void): () => void
}
