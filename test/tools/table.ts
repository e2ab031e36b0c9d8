/** How a tool can be had by name. Versions are those of the facts the product is held against. */
export interface Source {
  /** A published command the Go client installs: module path and version. */
  go?: { module: string; version: string }
  /** A package of Debian and its relatives. */
  debian?: string
  /** An official release: where it is and where its SHA-256 list is; `{os}` and `{arch}` as Go writes them. */
  release?: { url: string; checksums: string; archived?: string }
}

/** A program of the outside world the product is held against. */
export interface Tool {
  name: string
  /** What the contract suite learns from it. */
  for: string
  /** Arguments that make it print its version. */
  version: string[]
  /** What it must say then: another program may have the same name. */
  says: RegExp
  /** CI always has it; without it the contract suite fails. */
  promised: boolean
  source: Source
  /** What a person does where none of the sources works. */
  byHand: string
}

const github = 'https://github.com'

/** Every tool, in the order they are shown. */
export const tools: readonly Tool[] = [
  {
    name: 'gomplate',
    for: 'rendering of templates',
    version: ['--version'],
    says: /\bversion v?4\./,
    promised: false,
    source: {
      go: { module: 'github.com/hairyhenderson/gomplate/v4/cmd/gomplate', version: 'v4.3.3' },
      release: {
        url: `${github}/hairyhenderson/gomplate/releases/download/v4.3.3/gomplate_{os}-{arch}`,
        checksums: `${github}/hairyhenderson/gomplate/releases/download/v4.3.3/checksums-v4.3.3_sha256.txt`,
      },
    },
    byHand: 'install gomplate 4 from its releases',
  },
  {
    name: 'kustomize',
    for: 'building of catalog entries',
    version: ['version'],
    says: /\bv?5\./,
    promised: true,
    source: {
      go: { module: 'sigs.k8s.io/kustomize/kustomize/v5', version: 'v5.7.1' },
      release: {
        url: `${github}/kubernetes-sigs/kustomize/releases/download/kustomize%2Fv5.7.1/kustomize_v5.7.1_{os}_{arch}.tar.gz`,
        checksums: `${github}/kubernetes-sigs/kustomize/releases/download/kustomize%2Fv5.7.1/checksums.txt`,
        archived: 'kustomize',
      },
    },
    byHand: 'install kustomize 5 from its releases',
  },
  {
    name: 'yq',
    for: 'paths in YAML',
    version: ['--version'],
    says: /mikefarah.* v?4\./,
    promised: true,
    source: {
      go: { module: 'github.com/mikefarah/yq/v4', version: 'v4.45.4' },
      release: {
        url: `${github}/mikefarah/yq/releases/download/v4.45.4/yq_{os}_{arch}.tar.gz`,
        checksums: `${github}/mikefarah/yq/releases/download/v4.45.4/checksums-bsd`,
        archived: './yq_{os}_{arch}',
      },
    },
    byHand: 'install yq 4 (the one in Go) from its releases',
  },
  {
    name: 'dnsmasq',
    for: 'DNS, DHCP and PXE',
    version: ['--version'],
    says: /Dnsmasq version 2\./,
    promised: true,
    source: { debian: 'dnsmasq-base' },
    byHand: 'install dnsmasq with the package manager of your system',
  },
  {
    name: 'restic',
    for: 'backups',
    version: ['version'],
    says: /^restic 0\./,
    promised: true,
    source: { debian: 'restic' },
    byHand: 'install restic with the package manager of your system',
  },
  {
    name: 'psql',
    for: 'dump, restore and change-over of databases',
    version: ['--version'],
    says: /psql \(PostgreSQL\) \d+/,
    promised: false,
    // With the server, which Debian keeps in /usr/lib/postgresql.
    source: { debian: 'postgresql' },
    byHand: 'install the server of PostgreSQL with the package manager of your system',
  },
  {
    name: 'mariadbd',
    for: 'dump, restore and change-over of databases',
    version: ['--version'],
    says: /\bVer 1\d\.\d+.*MariaDB/,
    promised: false,
    source: { debian: 'mariadb-server' },
    byHand: 'install the server of MariaDB with the package manager of your system',
  },
  {
    name: 'kubectl',
    for: 'commands of the adapters, server-side validation',
    version: ['version', '--client'],
    says: /Client Version: v1\./,
    promised: false,
    source: {
      release: {
        url: 'https://dl.k8s.io/release/v1.34.1/bin/{os}/{arch}/kubectl',
        checksums: 'https://dl.k8s.io/release/v1.34.1/bin/{os}/{arch}/kubectl.sha256',
      },
    },
    byHand: 'install kubectl 1.34 from the Kubernetes downloads, or set KUBEBUILDER_ASSETS (setup-envtest makes it)',
  },
  {
    name: 'talosctl',
    for: 'machine configs and the machine API',
    version: ['version', '--client', '--short'],
    says: /v1\.\d+\./,
    promised: false,
    source: {
      release: {
        url: `${github}/siderolabs/talos/releases/download/v1.11.5/talosctl-{os}-{arch}`,
        checksums: `${github}/siderolabs/talos/releases/download/v1.11.5/sha256sum.txt`,
      },
    },
    byHand: 'install talosctl 1.11 or newer from the Talos releases',
  },
  {
    name: 'etcd',
    for: 'a real API server',
    version: ['--version'],
    says: /etcd Version: 3\./,
    promised: false,
    source: { debian: 'etcd-server' },
    byHand: 'install etcd 3.5 or newer, or set KUBEBUILDER_ASSETS (setup-envtest makes it)',
  },
  {
    name: 'kube-apiserver',
    for: 'a real API server',
    version: ['--version'],
    says: /Kubernetes v1\./,
    promised: false,
    source: {},
    byHand: 'set KUBEBUILDER_ASSETS to the folder setup-envtest makes',
  },
  ...(['kube-controller-manager', 'kube-scheduler'] as const).map((name) => ({
    name,
    for: 'pods, jobs and deletion on a real API server',
    version: ['--version'],
    says: /Kubernetes v1\./,
    promised: false,
    source: {},
    byHand: `put ${name} beside kube-apiserver, from the Kubernetes downloads of the same version`,
  })),
  {
    name: 'kwok',
    for: 'nodes and pods of a real API server',
    version: ['--version'],
    says: /v0\./,
    promised: false,
    source: { go: { module: 'sigs.k8s.io/kwok/cmd/kwok', version: 'v0.7.0' } },
    byHand: 'install kwok 0.7 from its releases',
  },
]
