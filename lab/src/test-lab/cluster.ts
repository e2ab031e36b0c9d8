import type { TestLab } from './start.ts'
import type { Stand } from './talosctl.ts'

export const LONGHORN_SCHEMATIC = '613e1592b2da41ae5e265e8789429f22e121aab91cb4deb6bc3c0b6262961245'

export interface NodePlan {
  name: string
  /** Last number of the address it shall have. */
  host: number
  disk: string
  nic: string
  role?: 'controlplane' | 'worker'
  /** Further YAML of the patch. */
  more?: string
}

/** Makes secrets and base configs of a cluster whose VIP ends in .90, in the stand-in's folder. */
export async function generateCluster(stand: Stand, lab: TestLab, name = 'home'): Promise<void> {
  await stand.run(['gen', 'secrets', '-o', `${name}.secrets.yaml`])
  const args = [
    'gen',
    'config',
    name,
    `https://${lab.at(90)}:6443`,
    '--with-secrets',
    `${name}.secrets.yaml`,
    '--output',
    name,
    '--with-docs=false',
    '--with-examples=false',
  ]
  const result = await stand.run(args)
  if (result.exit !== 0) throw new Error(result.err)
}

/** Writes the final config of one node from the cluster's base; answers its path. */
export async function finalConfig(stand: Stand, lab: TestLab, plan: NodePlan, cluster = 'home'): Promise<string> {
  const role = plan.role ?? 'controlplane'
  const vip = role === 'controlplane' ? `        vip: {ip: ${lab.at(90)}}\n` : ''
  const patch = `machine:
  install: {disk: ${plan.disk}, image: "factory.talos.dev/metal-installer/${LONGHORN_SCHEMATIC}:v1.11.5"}
  network:
    hostname: ${plan.name}
    interfaces:
      - interface: ${plan.nic}
        dhcp: false
        addresses: [${lab.at(plan.host)}/24]
        routes: [{network: 0.0.0.0/0, gateway: ${lab.at(1)}}]
${vip}${plan.more ?? ''}`
  stand.write(`${plan.name}.patch.yaml`, patch)
  const { exit, out, err } = await stand.run([
    'machineconfig',
    'patch',
    `${cluster}/${role}.yaml`,
    '--patch',
    `@${plan.name}.patch.yaml`,
  ])
  if (exit !== 0) throw new Error(err)
  return stand.write(`${plan.name}.yaml`, out)
}

/** Flags of a call to one configured node through itself. */
export const secure = (address: string, cluster = 'home'): string[] => [
  '--talosconfig',
  `${cluster}/talosconfig`,
  '--endpoints',
  address,
  '--nodes',
  address,
]
