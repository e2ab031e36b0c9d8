/** An extension as the factory lists it. */
interface OfficialExtension {
  name: string
  ref: string
  digest: string
  author: string
  description: string
}

const KNOWN: [name: string, description: string][] = [
  ['gvisor', 'Runs containers with gVisor.'],
  ['i915', 'Firmware and driver of Intel graphics.'],
  ['intel-ucode', 'Microcode of Intel processors.'],
  ['amd-ucode', 'Microcode of AMD processors.'],
  ['iscsi-tools', 'Block devices over the network.'],
  ['nonfree-kmod-nvidia-production', 'Kernel modules of NVIDIA, proprietary.'],
  ['nvidia-container-toolkit-production', 'Containers on NVIDIA graphics.'],
  ['nvidia-fabricmanager-production', 'Links between NVIDIA graphics.'],
  ['nvidia-open-gpu-kernel-modules-production', 'Kernel modules of NVIDIA, open.'],
  ['qemu-guest-agent', 'Lets the host of a virtual machine talk to it.'],
  ['tailscale', 'A node in a private network.'],
  ['util-linux-tools', 'Tools of util-linux.'],
  ['zfs', 'The file system ZFS.'],
]

/** The official extensions of every Talos version the lab knows. */
export const OFFICIAL_EXTENSIONS: OfficialExtension[] = KNOWN.map(([name, description], index) => ({
  name: `siderolabs/${name}`,
  ref: `ghcr.io/siderolabs/${name}:v1.0.${index}`,
  digest: `sha256:${String(index).padStart(64, '0')}`,
  author: 'Sidero Labs',
  description,
}))
