import type { Step, StepContext } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import type { KubeObject } from '../../../tools/kubectl.ts'
import { claimsIn, claimText, keyOf, ownedIn, removeStep, workloads } from '../../objects/index.ts'
import type { DeleteWorld } from './world.ts'

const running = (kind: string) => workloads.has(kind) || kind === 'Job' || kind === 'CronJob'
const isData = ({ kind }: KubeObject) => kind === 'PersistentVolumeClaim' || kind === 'Namespace'

/** Everything of the app in the cluster: what its files say, and what an earlier version left behind. */
async function everything(w: DeleteWorld, ctx: StepContext): Promise<KubeObject[]> {
  if (!(await w.bootstrapped())) return []
  const built = (await exists(`${w.folder}/kustomization.yaml`)) ? await w.objects(ctx) : []
  const found = await ownedIn(w.kubectl(ctx), w.namespace)
  return [...new Map([...built, ...found].map((object) => [keyOf(object), object])).values()]
}

/** Ends its pods, so that nothing writes any more. */
export function stopApp(w: DeleteWorld): Step {
  return removeStep({
    name: 'stop',
    title: `Stopping ${w.title}`,
    of: w.title,
    kubectl: w.kubectl,
    objects: async (ctx) => (await everything(w, ctx)).filter(({ kind }) => running(kind)),
  })
}

/** What is left of it except data: addresses, settings, certificates; its own Secret stays with the volumes. */
export function removeObjects(w: DeleteWorld): Step {
  return removeStep({
    name: 'objects',
    title: 'Removing addresses and settings',
    of: w.title,
    kubectl: w.kubectl,
    objects: async (ctx) =>
      (await everything(w, ctx)).filter(
        (object) => !isData(object) && !running(object.kind) && !isOwnSecret(w, object),
      ),
  })
}

function isOwnSecret({ app }: DeleteWorld, { kind, metadata }: KubeObject): boolean {
  return kind === 'Secret' && metadata.name === `${app}-secrets`
}

/** What of its data stays in the cluster, told to the person. */
export function keepData(w: DeleteWorld): Step {
  async function kept(ctx: StepContext): Promise<string[]> {
    if (!(await w.bootstrapped())) return []
    return (await claimsIn(w.kubectl(ctx), w.namespace)).map(claimText)
  }
  return {
    name: 'keep-data',
    title: 'Keeping its data',
    weight: 0,
    async done(ctx) {
      const volumes = await kept(ctx)
      ctx.result({ kept_volumes: volumes })
      if (volumes.length === 0) return 'it has no volumes; its settings and secrets stay'
      return `the namespace ${w.namespace} stays with ${volumes.join(', ')}, as do settings and secrets; adding ${w.app} again finds them`
    },
    run: async () => undefined,
  }
}

/** Volumes, then the namespace with all that is left in it. */
export function deleteData(w: DeleteWorld): Step[] {
  return [
    removeStep({
      name: 'volumes',
      title: 'Deleting its volumes',
      of: w.title,
      kubectl: w.kubectl,
      objects: async (ctx) => ((await w.bootstrapped()) ? claimsIn(w.kubectl(ctx), w.namespace) : []),
    }),
    removeStep({
      name: 'namespace',
      title: 'Deleting its namespace and secrets',
      of: w.title,
      kubectl: w.kubectl,
      objects: async () =>
        (await w.bootstrapped()) ? [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: w.namespace } }] : [],
    }),
    forgetSecrets(w),
  ]
}

/** Its own secrets in secrets.yaml; those it shares with others stay. The text before is in the history. */
function forgetSecrets(w: DeleteWorld): Step {
  async function there(): Promise<string[]> {
    const found: string[] = []
    for (const path of w.ownSecrets) if (await w.deps.secrets.value(w.instance, path)) found.push(path)
    return found
  }
  return {
    name: 'secrets',
    title: 'Forgetting its secrets',
    done: async () => (await there()).length === 0 && 'it has none of its own',
    plan: async () => (await there()).map((path) => ({ kind: 'file', text: `secrets.yaml: ${path} would be removed` })),
    async run() {
      const by = { via: 'daemon', reason: `app delete ${w.app}` }
      for (const path of await there()) await w.deps.secrets.delete(w.instance, path, by)
    },
  }
}

/** Databases in other apps' servers stay: a warning, so that nobody believes them gone. */
export function tellDatabases(w: DeleteWorld): Step {
  return {
    name: 'databases',
    title: 'Databases elsewhere',
    weight: 0,
    async done(ctx) {
      const names = await w.databases()
      ctx.result({ kept_databases: names })
      return names.length ? `still there: ${names.join(', ')}` : 'it has none'
    },
    run: async () => undefined,
  }
}
