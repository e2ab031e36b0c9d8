import { isDeepStrictEqual } from 'node:util'
import type { PlannedChange } from '../../operations/define.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Door } from '../../platform/door.ts'
import { asWildError, invalid, notFound } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import { instanceName, macAddress, parse } from '../../platform/names.ts'
import { createSignals, type Signals } from '../../platform/signals.ts'
import type { DnsService, PxeOptions } from '../dns/index.ts'
import type { Architecture, Asset, TalosService } from '../talos/index.ts'
import { createAnswers } from './answer.ts'
import { createBootLog } from './boots.ts'
import { createListener } from './listener.ts'
import {
  architectureOf,
  type Boot,
  type Decision,
  decide,
  type PxeChange,
  type PxeSettings,
  pxeChange,
} from './model.ts'
import { plannedEffects } from './planned.ts'
import type { PxeStore } from './store.ts'
import { fillTftp } from './tftp.ts'
import { warningsFor } from './warnings.ts'

/** How network boot is. */
export interface PxeState {
  settings: PxeSettings
  /** Where machines fetch from; absent while nothing listens. */
  url?: string
  interface: string
  /** Loaders that are served by TFTP. */
  loaders: string[]
  problem?: string
  /** What keeps machines from booting although everything runs. */
  warnings: string[]
}

/** A machine that was told apart. */
export interface Machine {
  mac: string
  instance: string
  /** `assigned` by hand, or the node it is. */
  reason: string
}

/** The verbs of network boot. */
export interface PxeService {
  state(): Promise<PxeState>
  /** Changes settings and puts them into effect, dnsmasq included; what was there before is put back when that fails. */
  set(change: PxeChange, via: Door): Promise<PxeState>
  /** What that would do; nothing when all is so already. Throws what the change would before it touches anything. */
  planSet(change: PxeChange): Promise<PlannedChange[]>
  machines(): Promise<Machine[]>
  /** What a machine boots from now on; without an instance it is decided as for others. Throws NOT_FOUND, INVALID_INPUT. */
  assign(mac: string, instance: string | undefined): Promise<void>
  planAssign(mac: string, instance: string | undefined): Promise<PlannedChange[]>
  /** The script that a machine would get. */
  script(mac: string | undefined, architecture?: Architecture): Promise<string>
  boots(): Boot[]
  readonly changes: Signals<'boots' | 'state'>
  /** What dnsmasq has to tell machines; undefined while network boot is off. */
  options(): PxeOptions | undefined
  /** Listens if it is on. Before `dns.begin`, so that dnsmasq starts once. */
  begin(): Promise<void>
  /** Files came or went: follows. */
  follow(): void
  /** Perhaps another interface was chosen: listens there when it was. */
  followAddress(): void
  /** Who boots from this file now, in words; undefined when nobody. */
  servedTo(asset: Asset): Promise<string | undefined>
  stop(): Promise<void>
}

export interface PxeDeps {
  store: PxeStore
  talos: Pick<TalosService, 'copyOf' | 'schematic'>
  dns(): Pick<DnsService, 'apply' | 'settings' | 'state' | 'address'>
  /** Port of the listener; 0 takes a free one. */
  port: number
  tftp: string
  bootsFile: string
  clock: Clock
  log: Log
  instances(): Promise<string[]>
  /** Hardware addresses of nodes. */
  nodes(): Promise<{ mac: string; instance: string; node: string }[]>
}

/** Network boot over settings, files, the listener and dnsmasq. */
export function createPxeService(deps: PxeDeps): PxeService {
  const { store, talos, log } = deps
  const changes = createSignals<'boots' | 'state'>()
  const boots = createBootLog({ file: deps.bootsFile, clock: deps.clock, log, changes })
  const answers = createAnswers({ base, decide: decision, instances: deps.instances, imageOf, copyOf: talos.copyOf })
  const listener = createListener({
    log,
    answer: answers.answer,
    sent(ip, answer) {
      if (answer.kind === 'script' && answer.seen?.asking.mac) {
        const { asking, stage, instance } = answer.seen
        boots.began({
          mac: asking.mac!,
          ip,
          architecture: asking.architecture,
          stage,
          ...(instance ? { instance } : {}),
        })
      } else if (answer.kind === 'file' && answer.asset.kind === 'kernel') boots.reached(ip, 'kernel')
      else if (answer.kind === 'file' && answer.asset.kind === 'initramfs') boots.reached(ip, 'booted')
    },
  })
  let loaders: string[] = []
  let problem: string | undefined
  let following: Promise<void> = Promise.resolve()

  function base(): string {
    const place = listener.place()
    return place ? `http://${place.address}:${place.port}/pxe` : `http://127.0.0.1:${deps.port}/pxe`
  }

  async function decision(mac: string | undefined): Promise<Decision> {
    return decide(await store.settings(), await deps.nodes(), mac)
  }

  async function imageOf(instance: string, architecture: Architecture) {
    const { version, schematicId } = await talos.schematic(instance)
    return version && schematicId ? { version, schematicId, architecture } : undefined
  }

  /** Listener and loaders as the settings say. Throws CONFLICT, or INVALID_INPUT for an interface that is not there. */
  async function putIntoEffect({ enabled }: PxeSettings): Promise<void> {
    problem = undefined
    if (!enabled) return listener.close()
    await listener.listen(await deps.dns().address(), deps.port)
    loaders = await fillTftp(deps.tftp, talos.copyOf)
  }

  async function tellDnsmasq(via: Door): Promise<void> {
    if ((await deps.dns().settings()).enabled) await deps.dns().apply({ trialSeconds: 0, besideOthers: true }, via)
  }

  /** The settings as they are and as a change would make them. */
  async function changed(change: PxeChange): Promise<{ before: PxeSettings; wanted: PxeSettings }> {
    const named = parse(pxeChange, change)
    const before = await store.settings()
    const wanted = { ...before, ...named }
    if (wanted.instance) await mustExist(wanted.instance, 'instance')
    if (wanted.unknown === 'instance' && !wanted.instance)
      throw invalid('instance', 'instance: which instance shall unknown machines boot?')
    return { before, wanted }
  }

  /** The assignments as they are and as they would be with a machine assigned, or not any more. */
  async function assigned(given: string, instance: string | undefined) {
    const mac = parse(macAddress, given, 'mac')
    const settings = await store.settings()
    if (instance !== undefined) await mustExist(instance, 'instance')
    else if (!settings.machines[mac]) throw notFound('assignment for', mac, 'wild-cli pxe machines')
    const { [mac]: before, ...others } = settings.machines
    const machines = instance === undefined ? others : { ...others, [mac]: instance }
    return { mac, before, wanted: { ...settings, machines } }
  }

  async function set(change: PxeChange, via: Door): Promise<PxeState> {
    const { before, wanted } = await changed(change)
    try {
      await putIntoEffect(wanted)
      await store.save(wanted)
      await tellDnsmasq(via)
    } catch (error) {
      await store.save(before)
      await putIntoEffect(before).catch((again: unknown) => log.error({ err: again }, 'network boot is not as it was'))
      throw error
    } finally {
      changes.emit('state')
    }
    return state()
  }

  async function mustExist(instance: string, field: string): Promise<void> {
    parse(instanceName, instance, field)
    if (!(await deps.instances()).includes(instance)) throw notFound('instance', instance, 'wild-cli instance list')
  }

  async function state(): Promise<PxeState> {
    const settings = await store.settings()
    const place = listener.place()
    return {
      settings,
      ...(place ? { url: base() } : {}),
      interface: (await deps.dns().settings()).interface,
      loaders: settings.enabled ? loaders : [],
      ...(problem ? { problem } : {}),
      warnings: settings.enabled
        ? await warningsFor(settings, { dns: deps.dns(), loaders, imageOf, copyOf: talos.copyOf })
        : [],
    }
  }

  async function machines(): Promise<Machine[]> {
    const { machines: named } = await store.settings()
    const assigned = Object.entries(named).map(([mac, instance]) => ({ mac, instance, reason: 'assigned' }))
    const nodes = (await deps.nodes()).filter(({ mac }) => !named[mac])
    return [...assigned, ...nodes.map(({ mac, instance, node }) => ({ mac, instance, reason: node }))]
  }

  async function followOnce(): Promise<void> {
    const settings = await store.settings()
    if (!settings.enabled) return
    try {
      await putIntoEffect(settings)
    } catch (error) {
      problem = asWildError(error).message
      log.error({ err: error }, 'network boot does not run')
    }
    changes.emit('state')
  }

  function follow(): void {
    following = following.then(followOnce).catch((error: unknown) => {
      log.error({ err: error }, 'network boot does not follow')
    })
  }

  return {
    changes,
    state,
    set,
    async planSet(change) {
      const { before, wanted } = await changed(change)
      if (isDeepStrictEqual(before, wanted)) return []
      const address = wanted.enabled ? await deps.dns().address() : ''
      const { enabled: tells } = await deps.dns().settings()
      return plannedEffects({ before, wanted, address, port: deps.port, tells })
    },
    async planAssign(given, instance) {
      const { mac, before } = await assigned(given, instance)
      if (before === instance) return []
      const now = before ? `; now it boots ${before}` : ''
      return [
        { kind: 'note', text: instance ? `${mac} would boot ${instance}${now}` : `${mac} would be as others${now}` },
      ]
    },
    follow,
    followAddress() {
      const place = listener.place()
      if (!place) return
      deps
        .dns()
        .address()
        .then(
          (address) => address !== place.address && follow(),
          () => follow(),
        )
    },
    async servedTo(asset) {
      const settings = await store.settings()
      if (!settings.enabled || asset.kind === 'iso') return undefined
      if (asset.kind === 'loader') return 'machines begin with it when they boot from the network'
      const chosen = [...(await machines()).map(({ instance }) => instance), settings.instance]
      const whose = asset.usedBy.find((instance) => settings.unknown === 'menu' || chosen.includes(instance))
      return whose && `machines of ${whose} boot from it`
    },
    boots: boots.list,
    machines,
    async assign(mac, instance) {
      await store.save((await assigned(mac, instance)).wanted)
      changes.emit('state')
    },
    async script(mac, architecture = architectureOf(undefined)) {
      const asking = { architecture, ...(mac ? { mac: parse(macAddress, mac, 'mac') } : {}) }
      const answer = await answers.script(asking)
      return answer.kind === 'script' ? answer.text : ''
    },
    options() {
      const place = listener.place()
      return place ? { port: place.port, tftp: deps.tftp } : undefined
    },
    async begin() {
      await boots.load()
      await followOnce().catch((error: unknown) => {
        problem = asWildError(error).message
        log.error({ err: error }, 'network boot does not run')
      })
    },
    async stop() {
      await following
      await listener.close()
      await boots.settled()
    },
  }
}
