import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileIfThere } from '../../../platform/atomic-file.ts'
import type { Audit } from '../../../platform/audit.ts'
import type { Door } from '../../../platform/door.ts'
import { WildError } from '../../../platform/errors.ts'
import type { ClusterDeps } from '../deps.ts'
import type { HandBackFile } from './model.ts'
import { readme } from './readme.ts'

type Deps = Pick<ClusterDeps, 'instances' | 'paths' | 'nodes'> & { audit: Audit }

/** All files somebody needs who goes on with talosctl and kubectl alone; asking is noted. Throws NOT_FOUND before there are any. */
export async function handBack(deps: Deps, instance: string, via: Door): Promise<HandBackFile[]> {
  await deps.instances.require(instance)
  const places = deps.paths.instance(instance)
  const finals = join(places.clusterNodes, 'final')
  const nodes = (await readdir(finals).catch(() => [])).filter((file) => file.endsWith('.yaml')).sort()
  const sources: [string, string][] = [
    ['kubeconfig', places.kubeconfig],
    ['talosconfig', places.talosconfig],
    ...['secrets.yaml', 'controlplane.yaml', 'worker.yaml'].map((file): [string, string] => [
      file,
      join(places.generated, file),
    ]),
    ...nodes.map((file): [string, string] => [`nodes/${file}`, join(finals, file)]),
  ]
  const files: HandBackFile[] = []
  for (const [path, source] of sources) {
    const text = await readFileIfThere(source)
    if (text !== undefined) files.push({ path, text, secret: true })
  }
  if (files.length === 0)
    throw new WildError('NOT_FOUND', `${instance} has no cluster yet: there is nothing to hand back.`, {
      name: instance,
      hint: 'wild-cli node setup control-1',
    })
  deps.audit.record({ action: 'cluster.hand-back', door: via, instance })
  const records = await deps.nodes.records(instance)
  return [
    {
      path: 'README.md',
      text: readme(
        instance,
        records,
        files.map(({ path }) => path),
      ),
      secret: false,
    },
    ...files,
  ]
}
