import type { Audit } from '../../../platform/audit.ts'
import type { Door } from '../../../platform/door.ts'
import { invalid } from '../../../platform/errors.ts'
import { parse } from '../../../platform/names.ts'
import type { ImportLine, InstancesService } from '../../instances/index.ts'
import type { ClusterDeps } from '../deps.ts'
import { ownKubeconfig, ownTalosconfig } from './access-files.ts'
import { archiveOf } from './archive.ts'
import { handBack } from './hand-back.ts'
import { type AdoptInput, type AdoptRequest, adoptInput, type HandBackArchive, type HandBackFile } from './model.ts'
import { accessIn, homeOfCluster } from './old-home.ts'
import { type FoundCluster, readCluster } from './read-cluster.ts'
import { checkBundle, secretsBundle } from './secrets-bundle.ts'

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
  /** The same as one file. Throws NOT_FOUND before there are any. */
  handBackArchive(instance: string, via: Door): Promise<HandBackArchive>
}

const generated = 'setup/cluster-nodes/generated'

/** The texts of both files. */
interface Access {
  kubeconfig: string
  talosconfig: string
}

/** Access as it was given, else as the old home has it. Throws INVALID_INPUT naming what is missing. */
function accessOf(input: AdoptRequest, what: keyof Access): string {
  const found = input[what] ?? accessIn(input.files ?? [], what)
  if (found) return found
  const why = input.files
    ? 'the folder holds none. Give it besides; talosctl kubeconfig makes a kubeconfig.'
    : 'give its text, or the folder of the old instance that has it.'
  throw invalid(what, `${what}: ${why}`)
}

/** Adoption and hand-over over kubectl, talosctl and the files of instances. */
export function createAdoptService(deps: AdoptDeps): AdoptService {
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

  /** Base configurations are made from the secrets here, on this device; a set-up makes what is missing. */
  async function makeBases(instance: string): Promise<ImportLine[]> {
    try {
      await deps.nodes.makeBaseConfig(instance, deps.reads)
      return []
    } catch (error) {
      const message = `The base configurations are not made yet, which the next set-up of a node does: ${(error as Error).message}`
      return [{ verdict: 'problem', path: generated, message }]
    }
  }

  return {
    async adopt(raw) {
      const input = parse(adoptInput, raw)
      const kubernetes = ownKubeconfig(accessOf(input, 'kubeconfig'))
      const talos = ownTalosconfig(accessOf(input, 'talosconfig'))
      const authorities = { kubernetes: kubernetes.authority, talos: talos.authority }
      const bundle = input.secrets ?? accessIn(input.files ?? [], 'secrets')
      const given = bundle && checkBundle(bundle, authorities)
      const access = { kubeconfig: kubernetes.text, talosconfig: talos.text }
      const found = await readCluster(deps.reads, access)
      const plane = found.nodes.find(({ node, config }) => node.controlPlane && config)
      const secrets = given ?? secretsBundle(plane?.config)
      const { name, description, dryRun } = input
      // Without a home the cluster alone says what an empty one lacks; the import of homes does the rest.
      const home = homeOfCluster(input.files ?? [{ path: 'config.yaml', text: '' }], found, { ...access, secrets })
      const told = input.files ? home.report : []
      const { instance, report } = await deps.home.importHome({ name, description, files: home.files }, { dryRun })
      const late = instance && secrets ? await makeBases(instance) : []
      if (instance) await deps.secrets.allValues(instance)
      return { instance, report: [...remarks(found, secrets), ...told, ...report, ...late] }
    },
    handBack: (instance, via) => handBack(deps, instance, via),
    handBackArchive: async (instance, via) =>
      archiveOf(instance, await handBack(deps, instance, via), new Date(deps.clock.now())),
  }
}
