import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeFileAtomic } from '../../../platform/atomic-file.ts'
import { WildError } from '../../../platform/errors.ts'
import type { RunTool } from '../../../platform/run-tool.ts'
import { createKubectl } from '../../../tools/kubectl.ts'
import { createTalosctl } from '../../../tools/talosctl.ts'
import { readKubernetesNodes, readMachine } from '../../nodes/index.ts'
import { endpointOf } from '../endpoint.ts'
import type { FoundNode } from './config.ts'

/** What a cluster made by hand told about itself. */
export interface FoundCluster {
  /** Where its API is. */
  host: string
  nodes: FoundNode[]
  /** Why machines could not be asked, by node. */
  problems: Record<string, string>
}

/** Reads a cluster with the access given; reads only. Throws CLUSTER_UNREACHABLE. */
export async function readCluster(
  run: RunTool,
  given: { kubeconfig: string; talosconfig: string },
): Promise<FoundCluster> {
  const { host = '' } = endpointOf(given.kubeconfig) ?? {}
  const folder = await mkdtemp(join(tmpdir(), 'wild-adopt-'))
  try {
    const files = { kubeconfig: join(folder, 'kubeconfig'), talosconfig: join(folder, 'talosconfig') }
    await writeFileAtomic(files.kubeconfig, given.kubeconfig, { mode: 0o600 })
    await writeFileAtomic(files.talosconfig, given.talosconfig, { mode: 0o600 })
    const members = readKubernetesNodes(
      await createKubectl(run, { kubeconfig: files.kubeconfig, home: folder }).get('nodes'),
    )
    if (members.length === 0)
      throw new WildError('CLUSTER_UNREACHABLE', `The cluster at ${host} has no nodes: there is nothing to adopt.`)
    const talosctl = createTalosctl(run, { talosconfig: files.talosconfig, home: folder })
    const problems: Record<string, string> = {}
    const nodes = await Promise.all(
      members.map(async (node): Promise<FoundNode> => {
        const ip = node.ip ?? ''
        try {
          return { node, machine: await readMachine(talosctl, { ip }), config: await talosctl.machineConfig(ip) }
        } catch (error) {
          problems[node.name] = (error as Error).message
          return { node }
        }
      }),
    )
    return { host, nodes, problems }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
