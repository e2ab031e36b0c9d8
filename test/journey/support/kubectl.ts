import { join } from 'node:path'
import { execa } from 'execa'
import type { World } from '../../../lab/demo/world.ts'

/** kubectl as a person would use it, with the kubeconfig of instance home. Rejects when it fails. */
export async function kubectl(world: World, args: string[], input = ''): Promise<string> {
  const kubeconfig = join(world.dataDirectory, 'instances/home/.kube/config')
  const all = ['--kubeconfig', kubeconfig, '--request-timeout=15s', ...args]
  return (await execa('kubectl', all, { env: world.toolEnvironment, input })).stdout
}

/** Makes a namespace: the smallest thing that tells one state of a cluster from another. */
export async function makeNamespace(world: World, name: string): Promise<void> {
  await kubectl(
    world,
    ['create', '-f', '-'],
    JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
  )
}
