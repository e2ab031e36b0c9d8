import { watch } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { OperationRecord, Operations } from '../../operations/engine.ts'
import { makeDirectory, readFileIfThere } from '../../platform/atomic-file.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Door } from '../../platform/door.ts'
import { type FailureCode, WildError } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import { parse } from '../../platform/names.ts'
import { createSignals, type Signals } from '../../platform/signals.ts'
import { applyOperation } from './apply/operation.ts'
import type { DnsmasqChild } from './child.ts'
import { dnsmasqConf, isUntouched, type PxeOptions } from './conf.ts'
import { createInterfaceWatch } from './interface-watch.ts'
import { type OwnInterface, ownInterfaces, servedBy } from './interfaces.ts'
import { parseLeases } from './leases.ts'
import {
  type ApplyInput,
  type ConfState,
  type DnsmasqStatus,
  type DnsSettings,
  dnsChange,
  type InstanceNames,
  type Lease,
} from './model.ts'
import { findDhcpServers } from './other-servers.ts'
import type { DnsStore } from './store.ts'

/** How dnsmasq is. */
export interface DnsState {
  status: DnsmasqStatus
  pid?: number
  leases: number
  conf: ConfState
  /** ISO 8601: until then somebody has to confirm. */
  confirmUntil?: string
  problem?: string
}

/** The verbs of DNS and DHCP. */
export interface DnsService {
  settings(): Promise<DnsSettings>
  state(): Promise<DnsState>
  /** Changes settings and puts them into effect; waits until that is done. Throws what the operation failed with. */
  apply(input: Partial<ApplyInput>, via: Door): Promise<OperationRecord>
  /** Starts dnsmasq anew with what is set. Throws CONFLICT when nothing is. */
  restart(via: Door): Promise<void>
  /** The change of DHCP stays. Throws CONFLICT when none waits. */
  confirm(): Promise<void>
  leases(): Promise<Lease[]>
  /** The network interfaces of this device that can be served. */
  interfaces(): OwnInterface[]
  /** This device's address on the interface. Throws INVALID_INPUT for an interface that is not there. */
  address(): Promise<string>
  /** Other DHCP servers on the interface; takes 6 s. */
  otherServers(): Promise<string[]>
  /** Addresses the running dnsmasq is about to lend or lent changed, or its state did. */
  readonly changes: Signals<'state' | 'leases'>
  /** Starts what is set, takes back a trial nobody confirmed, and follows changes of instances. */
  begin(): Promise<void>
  /** An instance changed: what it means for the LAN is written anew. */
  instancesChanged(): void
  stop(): Promise<void>
}

export interface DnsDeps {
  store: DnsStore
  operations: Operations
  clock: Clock
  log: Log
  child(changed: () => void): DnsmasqChild
  names(): Promise<InstanceNames[]>
  defaults(): DnsSettings
  /** What machines that boot from the network are told; undefined while they cannot. */
  pxe(): PxeOptions | undefined
}

const settleMs = 1_000

/** DNS and DHCP over settings, files and the process; defines `dnsmasq.apply`. */
export function createDnsService(deps: DnsDeps): DnsService {
  const { store, operations, clock, log } = deps
  const changes = createSignals<'state' | 'leases'>()
  const child = deps.child(() => changes.emit('state'))
  let ending = new AbortController()
  let trialTimer = new AbortController()
  let settling = false
  let following: Promise<unknown> = Promise.resolve()
  let watcher: ReturnType<typeof watch> | undefined
  operations.define(applyOperation({ ...deps, child, trialChanged }))
  const cable = createInterfaceWatch({
    clock,
    async served() {
      const current = await store.settings()
      return current?.enabled ? current.interface : undefined
    },
    changed(isThere) {
      changes.emit('state')
      log.warn({ isThere }, 'the network interface that is served changed')
      if (isThere) startAnew('daemon').catch((error: unknown) => log.error({ err: error }, 'DNS could not be started'))
    },
  })

  async function settings(): Promise<DnsSettings> {
    return (await store.settings()) ?? deps.defaults()
  }

  async function confState(current: DnsSettings | undefined): Promise<ConfState> {
    const text = await store.conf()
    if (text === undefined) return 'none'
    if (!isUntouched(text)) return 'edited'
    if (!current?.enabled) return 'current'
    try {
      const wanted = dnsmasqConf(current, await deps.names(), servedBy(current.interface), store.places, deps.pxe())
      return wanted === text ? 'current' : 'outdated'
    } catch {
      return 'outdated'
    }
  }

  async function apply(input: Partial<ApplyInput>, via: Door): Promise<OperationRecord> {
    if (input.change) parse(dnsChange, input.change)
    // What follows an instance takes a moment; nobody should be refused because of it.
    if (via !== 'daemon') await following
    const record = await operations.ended((await operations.start('dnsmasq.apply', input, via)).id)
    if (record.status === 'completed') return record
    const { code, message, details } = record.error!
    throw new WildError(code as FailureCode, message, { ...details, operation_id: record.id })
  }

  async function startAnew(via: Door): Promise<void> {
    await child.stop()
    await apply({ trialSeconds: 0, besideOthers: true }, via)
  }

  function trialChanged(): void {
    trialTimer.abort()
    trialTimer = new AbortController()
    watchTrial(trialTimer.signal).catch((error: unknown) => {
      if (!trialTimer.signal.aborted) log.error({ err: error }, 'a change of DHCP could not be taken back')
    })
    changes.emit('state')
  }

  /** Takes a change back when its time is over. */
  async function watchTrial(signal: AbortSignal): Promise<void> {
    const trial = await store.trial()
    if (!trial || signal.aborted) return
    const left = Date.parse(trial.until) - clock.now()
    try {
      if (left > 0) await clock.sleep(left, signal)
    } catch {
      return
    }
    const now = await store.trial()
    if (now?.until !== trial.until || ending.signal.aborted) return
    log.warn('nobody confirmed the change of DHCP; going back')
    await store.setTrial(undefined)
    const change = trial.settings ?? { ...(await settings()), enabled: false }
    await apply({ change, trialSeconds: 0, overwrite: true, besideOthers: true }, 'daemon')
    changes.emit('state')
  }

  /** Waits for a quiet moment, then writes anew what instances mean for the LAN. */
  async function follow(): Promise<void> {
    if (settling) return
    settling = true
    try {
      await delay(settleMs, undefined, { signal: ending.signal, ref: false })
      settling = false
      const current = await store.settings()
      if (!current?.enabled || (await confState(current)) !== 'outdated') return
      following = apply({ trialSeconds: 0, besideOthers: true }, 'daemon').catch((error: unknown) => {
        if (error instanceof WildError && error.code === 'OPERATION_IN_PROGRESS') return follow()
        if (!ending.signal.aborted) log.warn({ err: error }, 'DNS could not follow a change of an instance')
      })
    } catch (error) {
      settling = false
      if (!ending.signal.aborted) log.warn({ err: error }, 'DNS could not follow a change of an instance')
    }
  }

  async function watchLeases(): Promise<void> {
    await makeDirectory(store.places.folder)
    watcher = watch(store.places.folder, { persistent: false }, (_event, file) => {
      if (file === 'leases') changes.emit('leases')
      else changes.emit('state')
    })
    watcher.on('error', (error) => log.warn({ err: error }, 'leases are not followed'))
  }

  const leases = async (): Promise<Lease[]> => {
    const found = parseLeases((await readFileIfThere(store.places.leases)) ?? '')
    const nodes = (await deps.names()).flatMap(({ name, nodes: all }) =>
      all.map((node) => ({ ...node, node: `${name}/${node.name}` })),
    )
    return found.map((lease) => {
      const node = nodes.find(({ mac, ip }) => mac === lease.mac || (!mac && ip === lease.ip))?.node
      return node ? { ...lease, node } : lease
    })
  }

  return {
    settings,
    apply,
    leases,
    changes,
    async state() {
      const current = await store.settings()
      const pid = child.pid()
      const problem = cable.problem() ?? child.problem()?.message
      const trial = await store.trial()
      return {
        status:
          pid && !cable.problem()
            ? 'running'
            : problem
              ? 'failed'
              : current === undefined
                ? 'not_configured'
                : 'stopped',
        pid,
        problem,
        leases: (await leases()).length,
        conf: await confState(current),
        confirmUntil: trial?.until,
      }
    },
    async restart(via) {
      const current = await store.settings()
      if (!current?.enabled)
        throw new WildError('CONFLICT', 'DNS and DHCP are not switched on.', {
          hint: 'wild-cli dns set --enabled true',
        })
      await startAnew(via)
    },
    async confirm() {
      if (!(await store.trial())) throw new WildError('CONFLICT', 'No change waits to be confirmed.')
      await store.setTrial(undefined)
      trialChanged()
    },
    address: async () => servedBy((await settings()).interface).address,
    interfaces: ownInterfaces,
    otherServers: async () => findDhcpServers(servedBy((await settings()).interface), ending.signal),
    async begin() {
      ending = new AbortController()
      await watchLeases()
      trialChanged()
      void cable.keep(ending.signal)
      const current = await store.settings().catch((error: unknown) => {
        log.error({ err: error }, 'the DNS settings make no sense; DNS is not started')
        return undefined
      })
      if (!current?.enabled) return
      apply({ trialSeconds: 0, besideOthers: true }, 'daemon').catch((error: unknown) =>
        log.error({ err: error }, 'DNS could not be started'),
      )
    },
    instancesChanged: () => void follow(),
    async stop() {
      ending.abort()
      trialTimer.abort()
      watcher?.close()
      await child.stop()
    },
  }
}
