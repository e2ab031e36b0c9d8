import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readFileIfThere } from '../../../platform/atomic-file.ts'
import type { Audit } from '../../../platform/audit.ts'
import type { Door } from '../../../platform/door.ts'
import { WildError } from '../../../platform/errors.ts'
import { parse } from '../../../platform/names.ts'
import type { ImportLine, InstancesService } from '../../instances/index.ts'
import type { ClusterDeps } from '../deps.ts'
import { adoptedConfig } from './config.ts'
import { type AdoptInput, adoptInput, type HandBackFile } from './model.ts'
import { type FoundCluster, readCluster } from './read-cluster.ts'
import { readme } from './readme.ts'
import { secretsBundle } from './secrets-bundle.ts'

export interface AdoptDeps extends ClusterDeps {
  home: Pick<InstancesService, 'importHome'>
  audit: Audit
}

/** Clusters that come from elsewhere, and go there. Nothing of a running cluster is changed by either. */
export interface AdoptService {
  /** Makes an instance of a cluster made by hand, or with `dryRun` tells what it would be. */
  adopt(input: AdoptInput): Promise<{ instance?: string; report: ImportLine[] }>
  /** All files somebody needs who goes on with talosctl and kubectl alone. Throws NOT_FOUND before there are any. */
  handBack(instance: string, via: Door): Promise<HandBackFile[]>
}

const generated = 'setup/cluster-nodes/generated'

/** Adoption and hand-over over kubectl, talosctl and the files of instances. */
export function createAdoptService(deps: AdoptDeps): AdoptService {
  /** What an old home would have: the import of homes does the rest, with its report. */
  function homeOf(input: AdoptInput, found: FoundCluster, secrets: string | undefined) {
    const file = (path: string, text: string | undefined) => (text ? [{ path, text }] : [])
    return [
      ...file('config.yaml', adoptedConfig(found.host, found.nodes)),
      ...file('.kube/config', input.kubeconfig),
      ...file('.talos/config', input.talosconfig),
      ...file(`${generated}/secrets.yaml`, secrets),
      ...found.nodes.flatMap(({ node, config }) => file(`setup/cluster-nodes/final/${node.name}.yaml`, config)),
    ]
  }

  function remarks({ nodes, problems }: FoundCluster, secrets: string | undefined): ImportLine[] {
    const seen: ImportLine[] = nodes.map(({ node, machine }) =>
      machine
        ? {
            verdict: 'taken',
            path: node.name,
            message: `It runs at ${node.ip} on ${machine.selectedDisk ?? 'a disk it does not tell'}.`,
          }
        : { verdict: 'problem', path: node.name, message: `Its machine could not be asked: ${problems[node.name]}` },
    )
    if (secrets) return seen
    const message =
      'No control plane handed out the keys of the cluster, so that machines cannot be added or set up again. Adopt with an administrator’s talosconfig, or with the secrets bundle.'
    return [...seen, { verdict: 'problem', path: 'secrets', message }]
  }

  return {
    async adopt(raw) {
      const input = parse(adoptInput, raw)
      const found = await readCluster(deps.reads, input)
      const plane = found.nodes.find(({ node, config }) => node.controlPlane && config)
      const secrets = input.secrets ?? secretsBundle(plane?.config)
      const { name, description, dryRun } = input
      const files = homeOf(input, found, secrets)
      const { instance, report } = await deps.home.importHome({ name, description, files }, { dryRun })
      // Base configurations are made from the secrets here, on this device.
      if (instance && secrets) await deps.nodes.makeBaseConfig(instance, deps.reads)
      if (instance) await deps.secrets.allValues(instance)
      return { instance, report: [...remarks(found, secrets), ...report] }
    },
    async handBack(instance, via) {
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
    },
  }
}
