import type { StepContext } from '../../operations/define.ts'
import type { Operations } from '../../operations/engine.ts'
import type { Clock } from '../../platform/clock.ts'
import { render } from '../../templates/index.ts'
import { createKubectl, type Kubectl } from '../../tools/kubectl.ts'
import { createKubectlStreams, type KubectlStreams } from '../../tools/kubectl-streams.ts'
import { type AppManifest, addedApp } from '../catalog/index.ts'
import type { ConfigService } from '../config/index.ts'
import type { SecretsService } from '../secrets/index.ts'
import { type Details, type Place, type PlaceDeps, placeOf, readDetails } from '../workloads/index.ts'
import type { DoctorInput } from './model.ts'

/** Who answered for a name, and with which addresses. */
export interface NameAnswer {
  /** For people: "Wild Central" or "192.168.1.2". */
  server: string
  addresses: string[]
}

export interface DoctorDeps extends PlaceDeps {
  operations: Operations
  config: Pick<ConfigService, 'context' | 'get'>
  secrets: Pick<SecretsService, 'value' | 'allValues'>
  clock: Clock
  /** Asks for a name as machines on the LAN do: our own DNS when it runs, else the server given. Undefined: there is nobody to ask. */
  resolve(name: string, server: string | undefined): Promise<NameAnswer | undefined>
}

/** One app being looked at: what its checks share. */
export interface DoctorWorld extends DoctorInput {
  deps: DoctorDeps
  /** As it was added. */
  manifest: AppManifest
  place: Place
  kubectl(ctx: StepContext): Kubectl
  streams(ctx: StepContext): KubectlStreams
  details(ctx: StepContext): Promise<Details>
  setting(path: string): Promise<string>
  /** A text of the manifest as config.yaml makes it. */
  filled(template: string): Promise<string>
}

/** The world of one app. Throws NOT_FOUND when it was not added, CONFLICT without a cluster. */
export async function doctorWorld(deps: DoctorDeps, { instance, app }: DoctorInput): Promise<DoctorWorld> {
  const place = await placeOf(deps, { instance, kind: 'app', name: app })
  const places = deps.instances.paths(instance)
  const where = { kubeconfig: places.kubeconfig, home: places.home }
  let read: Promise<Details> | undefined
  return {
    deps,
    instance,
    app,
    manifest: (await addedApp(place.folder, app)) ?? (await deps.catalog.app(app)).manifest,
    place,
    kubectl: (ctx) => createKubectl(ctx.run, where),
    streams: (ctx) => createKubectlStreams(ctx.run, where),
    details(ctx) {
      read ??= readDetails(place, { reads: ctx.run, paths: places, now: deps.clock.now() })
      return read
    },
    async setting(path) {
      const value = await deps.config.get(instance, path)
      return value === undefined || value === null ? '' : String(value)
    },
    filled: async (template) => render(template, await deps.config.context(instance), { name: `manifest of ${app}` }),
  }
}
