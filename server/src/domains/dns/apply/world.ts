import type { StepContext } from '../../../operations/define.ts'
import { createDnsmasq } from '../../../tools/dnsmasq.ts'
import type { DnsmasqChild } from '../child.ts'
import { dnsmasqConf, fingerprint, type PxeOptions, type Served } from '../conf.ts'
import { servedBy } from '../interfaces.ts'
import type { ApplyInput, DnsSettings, InstanceNames } from '../model.ts'
import { lookUp, runningFingerprint } from '../probe.ts'
import type { DnsStore } from '../store.ts'

export interface ApplyDeps {
  store: DnsStore
  child: DnsmasqChild
  /** What the instances mean for the LAN. */
  names(): Promise<InstanceNames[]>
  /** Settings where nothing was set yet. */
  defaults(): DnsSettings
  /** What machines that boot from the network are told; undefined while they cannot. */
  pxe(): PxeOptions | undefined
  /** When a trial began or ended. */
  trialChanged(): void
}

/** What the steps of one change share. */
export interface ApplyWorld extends ApplyDeps {
  input: ApplyInput
  before: DnsSettings | undefined
  wanted: DnsSettings
  instances: InstanceNames[]
  served: Served
  /** The file as it should be. */
  conf: string
  dnsmasq(ctx: StepContext): ReturnType<typeof createDnsmasq>
  /** Is a dnsmasq with this file running? */
  inEffect(conf?: string): Promise<boolean>
  lookUp(name: string): Promise<string[]>
}

/** The world of one change. Throws INVALID_INPUT for an interface that is not there. */
export async function applyWorld(deps: ApplyDeps, input: ApplyInput): Promise<ApplyWorld> {
  const before = await deps.store.settings()
  const wanted = { ...(before ?? { ...deps.defaults(), enabled: true }), ...defined(input.change) }
  const served = servedBy(wanted.interface)
  const instances = await deps.names()
  const conf = dnsmasqConf(wanted, instances, served, deps.store.places, deps.pxe())
  const server = { address: served.address, port: wanted.port }
  return {
    ...deps,
    input,
    before,
    wanted,
    instances,
    served,
    conf,
    dnsmasq: (ctx) => createDnsmasq(ctx.run),
    inEffect: async (text = conf) => (await runningFingerprint(server)) === fingerprint(text),
    lookUp: (name) => lookUp(server, name),
  }
}

function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>
}
