/** How long things take on a simulated machine, in lab milliseconds. */
export const durations = {
  /** Writing Talos to the disk. */
  install: 15_000,
  /** From switching off to the machine API answering again. */
  reboot: 20_000,
  /** Wiping partitions before a reset machine reboots. */
  reset: 5_000,
  /** From the machine API answering to the container runtime being up: a bootstrap before that is refused. */
  runtime: 2_000,
  /** From the machine API answering to a running kubelet. */
  kubelet: 5_000,
  /** From the machine API answering to etcd taking part again. */
  etcdRejoin: 8_000,
  /** The same on a machine whose data was wiped: images are pulled and the database is copied anew. */
  etcdRefill: 60_000,
  /** From the machine API answering to the API server's static pod serving, on a machine that was up before. */
  apiServerRestart: 10_000,
  /** After the bootstrap order: etcd, then the VIP, then the API server. */
  etcdStart: 10_000,
  vip: 12_000,
  apiServer: 15_000,
  /** A control plane that holds the VIP lets it go so long after etcd lost its majority: the lease of an election. */
  vipLease: 60_000,
  /** From API server and kubelet being up to the node being registered, and from there to Ready. */
  register: 2_000,
  ready: 3_000,
} as const
