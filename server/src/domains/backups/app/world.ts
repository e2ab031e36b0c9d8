import { join } from 'node:path'
import type { StepContext } from '../../../operations/define.ts'
import { WildError } from '../../../platform/errors.ts'
import { render } from '../../../templates/index.ts'
import { createKubectl, type Kubectl, type KubeObject } from '../../../tools/kubectl.ts'
import { createKubectlStreams, type KubectlStreams } from '../../../tools/kubectl-streams.ts'
import type { AppManifest, Entry } from '../../catalog/index.ts'
import { type DatabaseEngine, type DatabaseShell, databaseName } from '../databases/engine.ts'
import { mysql } from '../databases/mysql.ts'
import { postgres } from '../databases/postgres.ts'
import type { AppBackupDeps } from './deps.ts'

/** A database of an app. */
export interface AppDatabase {
  engine: 'postgres' | 'mysql'
  /** App that runs its server. */
  server: string
  name: string
}

/** A database with a way to its server. */
export interface OpenDatabase extends AppDatabase {
  programs: DatabaseEngine
  port: number
  shell: DatabaseShell
  pod: string
  container: string
}

/** One app of one instance whose data is copied. */
export interface AppDataWorld {
  deps: AppBackupDeps
  instance: string
  manifest: AppManifest
  namespace: string
  folder: string
  kubectl(ctx: StepContext): Kubectl
  streams(ctx: StepContext): KubectlStreams
  databases(): Promise<AppDatabase[]>
  /** Finds the server of a database. Throws CONFLICT when it does not run. */
  open(ctx: StepContext, database: AppDatabase): Promise<OpenDatabase>
}

const engines: Record<AppDatabase['engine'], DatabaseEngine> = { postgres, mysql }

/** The world of one app. */
export function createAppDataWorld(
  deps: AppBackupDeps,
  instance: string,
  { manifest }: Entry<AppManifest>,
): AppDataWorld {
  const places = deps.instances.paths(instance)
  const where = { kubeconfig: places.kubeconfig, home: places.home }
  const kubectl = (ctx: StepContext) => createKubectl(ctx.run, where)
  const streams = (ctx: StepContext) => createKubectlStreams(ctx.run, where)

  async function open(ctx: StepContext, database: AppDatabase): Promise<OpenDatabase> {
    const pods = await kubectl(ctx).get('pod', { namespace: database.server, repeated: true })
    const pod = pods.find(isServer)
    if (!pod)
      throw new WildError(
        'CONFLICT',
        `The database server ${database.server} does not run, so ${database.name} can be neither dumped nor restored.`,
        { app: database.server, hint: `wild-cli app status ${database.server}` },
      )
    const programs = engines[database.engine]
    const container = pod.spec.containers[0]
    const run: DatabaseShell['run'] = (command, input) =>
      streams(ctx).exec({
        pod: pod.metadata.name,
        namespace: database.server,
        container: container.name,
        command,
        input,
        timeoutMs: 600_000,
      })
    const port = container.ports?.[0]?.containerPort ?? programs.usualPort
    return { ...database, programs, port, shell: { run }, pod: pod.metadata.name, container: container.name }
  }

  return {
    deps,
    instance,
    manifest,
    namespace: manifest.name,
    folder: join(places.apps, manifest.name),
    kubectl,
    streams,
    async databases() {
      const context = await deps.config.context(instance)
      return (manifest.backup?.databases ?? []).map(({ kind, app, name }) => ({
        engine: kind,
        server: app,
        name: databaseName(render(name, context, { name: `database of ${manifest.name}` })),
      }))
    },
    open,
  }
}

function isServer(pod: KubeObject): boolean {
  const { ownerReferences } = pod.metadata as { ownerReferences?: { kind: string }[] }
  const owned = ownerReferences?.some(({ kind }) => kind === 'StatefulSet' || kind === 'ReplicaSet')
  const ready = (pod.status?.conditions ?? []).some(
    ({ type, status }: { type: string; status: string }) => type === 'Ready' && status === 'True',
  )
  return Boolean(owned) && ready && pod.metadata.deletionTimestamp === undefined
}
