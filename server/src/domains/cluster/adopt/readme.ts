import type { NodeRecord } from '../../nodes/index.ts'

/** How to go on with talosctl and kubectl alone. */
export function readme(instance: string, records: NodeRecord[], files: string[]): string {
  const planes = records.filter(({ role, targetIp }) => role === 'controlplane' && targetIp)
  const ip = planes[0]?.targetIp ?? 'ADDRESS'
  const rows = records.map(
    ({ name, role, targetIp, disk }) => `| ${name} | ${role} | ${targetIp ?? ''} | ${disk ?? ''} |`,
  )
  return `# Cluster ${instance}

Everything needed to go on with \`talosctl\` and \`kubectl\` alone. The files hold keys: keep them to yourself.

| node | role | address | disk |
| --- | --- | --- | --- |
${rows.join('\n')}

## In this folder

${files.map((file) => `- \`${file}\``).join('\n')}

## Commands

\`\`\`sh
export KUBECONFIG=$PWD/kubeconfig TALOSCONFIG=$PWD/talosconfig

kubectl get nodes                                  # how the cluster is
talosctl -n ${ip} health                           # the same, from the machines
talosctl -n ${ip} etcd members
talosctl -n ${ip} etcd snapshot etcd.snapshot      # a copy of everything Kubernetes knows
talosctl -n ${ip} kubeconfig ./kubeconfig --merge=false --force     # a new kubeconfig
talosctl gen config ${instance} https://VIP:6443 --with-secrets secrets.yaml --output-types talosconfig -o talosconfig --force
talosctl -n ${ip} apply-config --file nodes/NODE.yaml --dry-run     # what a change would do
talosctl apply-config --insecure -n ADDRESS --file worker.yaml      # add a worker
talosctl -n ADDRESS upgrade --image INSTALLER:VERSION               # another version of Talos
talosctl -n ${ip} upgrade-k8s --to VERSION                          # another version of Kubernetes
\`\`\`
`
}
