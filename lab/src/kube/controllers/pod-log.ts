import type { KubeObject } from '../objects.ts'

type Spec = KubeObject['spec']

const lines: [RegExp, (pod: KubeObject, container: Spec) => string[]][] = [
  [
    /(^|\/)ghost:/,
    (_pod, { env = [] }) => {
      const url = env.find(({ name }: Spec) => name === 'url')?.value ?? 'http://localhost:2368'
      return [
        'INFO Ghost is running in production...',
        `INFO Your site is now available on ${url}`,
        'INFO Ghost booted in 4.213s',
      ]
    },
  ],
  [
    /mysql|mariadb/,
    () => [
      '[Server] Starting MySQL Server',
      "[Server] X Plugin ready for connections. Bind-address: '::' port: 33060",
      '[Server] /usr/sbin/mysqld: ready for connections. port: 3306',
    ],
  ],
  [
    /postgres|pgvector/,
    () => [
      'LOG:  listening on IPv4 address "0.0.0.0", port 5432',
      'LOG:  database system is ready to accept connections',
    ],
  ],
  [/redis|valkey/, () => ['* Server initialized', '* Ready to accept connections tcp']],
  [
    /(^|\/)traefik:/,
    () => [
      'INF Traefik version 3 built',
      'INF Starting provider *ingress.Provider',
      'INF Starting provider *crd.Provider',
    ],
  ],
  [/coredns/, () => ['.:53', 'CoreDNS-1.12.4', 'linux/amd64']],
]

function containerLog(pod: KubeObject, container: Spec): string[] {
  const status = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].find(
    ({ name }: Spec) => name === container.name,
  )
  const started =
    status?.state?.running !== undefined || status?.state?.terminated !== undefined || status?.restartCount > 0
  if (!started) return []
  const failed = status.lastState?.terminated?.exitCode > 0 || status.state?.terminated?.exitCode > 0
  if (failed) return [`starting ${container.name}`, errorLine(container)]
  if (pod.spec.restartPolicy !== 'Always') {
    const done = status.state?.terminated?.exitCode === 0
    return [`starting ${container.name}`, ...(done ? [`${container.name}: done`] : ['waiting for the database'])]
  }
  const known = lines.find(([image]) => image.test(container.image))?.[1]
  return known?.(pod, container) ?? [`starting ${container.name}`, `${container.name} is running`]
}

function errorLine({ image }: Spec): string {
  if (/longhorn-manager/.test(image))
    return 'level=fatal msg="Error starting manager: Failed environment check, please make sure you have iscsiadm/open-iscsi installed on the host"'
  return /fills-its-volume/.test(image)
    ? 'write /data/store.db: no space left on device'
    : 'the program ended with an error'
}

/** What a pod's containers would have written by now, without timestamps; empty before they started. */
export function podLog(pod: KubeObject, containerName?: string): string[] {
  const containers: Spec[] = [...(pod.spec.initContainers ?? []), ...pod.spec.containers]
  return containers
    .filter(({ name }) => containerName === undefined || name === containerName)
    .flatMap((container) => containerLog(pod, container))
}
