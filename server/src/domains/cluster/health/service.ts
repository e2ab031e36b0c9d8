import { z } from 'zod'
import { exists } from '../../../platform/atomic-file.ts'
import type { Db } from '../../../platform/db.ts'
import { asWildError } from '../../../platform/errors.ts'
import type { Log } from '../../../platform/log.ts'
import { parse } from '../../../platform/names.ts'
import { createSignals } from '../../../platform/signals.ts'
import { createSingleFlight } from '../../../platform/single-flight.ts'
import type { ClusterDeps } from '../deps.ts'
import { healthBeforeBootstrap } from '../health.ts'
import type { ClusterHealth, HealthEvent } from '../model.ts'
import { certificateChecks, clientCertificates } from './certificates.ts'
import { fullHealth } from './checks.ts'
import type { HealthFacts } from './facts.ts'
import { lookAtHealth } from './look.ts'
import { createHealthMemory } from './memory.ts'

/** One look serves everybody who asks within this time, ms. */
const shareMs = 2_000
/** Nothing is looked at while the daemon starts. */
const firstSeconds = 5
const renewAgainMs = 24 * 60 * 60_000
const eventLimit = z.int().min(1, 'At least 1.').max(500, 'At most 500 are kept.')
const usualPace = { everySeconds: 60, watchedSeconds: 15 }

/** How often the daemon looks by itself, in seconds: usually, and while somebody watches. */
export interface HealthPace {
  everySeconds: number
  watchedSeconds: number
}

export interface HealthDeps extends ClusterDeps {
  db: Db
  log: Log
  /** `health.everySeconds` of central.yaml; undefined when it is not set. Throws CONFIG_INVALID. */
  everySeconds(): Promise<number | undefined>
  names(): Promise<string[]>
  /** Starts renewing client certificates that end soon. */
  renewAccess(instance: string): Promise<unknown>
}

/** The health of clusters, with a memory. Every verb throws NOT_FOUND for an unknown instance. */
export interface HealthService {
  /** Looks now (shared among askers) and remembers what was found. */
  look(instance: string): Promise<ClusterHealth>
  /** Verdicts that changed, newest first. */
  events(instance: string, limit?: number): Promise<HealthEvent[]>
  /** What is remembered at once, then a fresh look, then each further one. While it is read, looks are more frequent. */
  follow(instance: string): AsyncGenerator<ClusterHealth>
  /** Looks at every cluster there is, again and again, until the signal aborts. Never throws. */
  keepLooking(signal: AbortSignal): Promise<void>
  /** An instance is gone. */
  forget(instance: string): void
}

/** Ready or not, by node: what makes the list of nodes worth reading again. */
function readiness({ nodes }: HealthFacts): string {
  return JSON.stringify((nodes ?? []).map(({ name, ready }) => [name, ready]))
}

/** Health over kubectl, talosctl and the database. */
export function createHealthService(deps: HealthDeps): HealthService {
  const memory = createHealthMemory(deps.db)
  const looked = createSignals<string>()
  const shared = createSingleFlight()
  const watchers = new Map<string, number>()
  const ready = new Map<string, string>()
  const lastLook = new Map<string, number>()

  const renewals = new Map<string, number>()

  /** Certificates of clients that end soon are renewed without being asked, tried once a day. */
  function renewIfDue(instance: string, facts: HealthFacts): void {
    const due = certificateChecks(facts.certificates, facts.now).some(
      ({ name, status }) => name === clientCertificates && status !== 'passing',
    )
    // With a certificate that has ended neither side lets us in: that somebody is there has to do.
    const there = facts.vipAnswers || facts.etcd.some(({ reachable }) => reachable)
    if (!due || !there || facts.now - (renewals.get(instance) ?? 0) < renewAgainMs) return
    renewals.set(instance, facts.now)
    deps.renewAccess(instance).catch((error: unknown) => {
      // Something else works on the cluster: the next look tries again.
      renewals.delete(instance)
      deps.log.info({ err: error, instance }, 'its client certificates could not be renewed now')
    })
  }

  const bootstrapped = (instance: string) => exists(deps.paths.instance(instance).kubeconfig)

  async function lookNow(instance: string): Promise<ClusterHealth> {
    const facts = await lookAtHealth(deps, instance, deps.reads)
    const { health, changed } = memory.remember(instance, fullHealth(facts))
    const before = ready.get(instance)
    ready.set(instance, readiness(facts))
    if (before !== undefined && before !== readiness(facts)) deps.instances.changed(instance, 'nodes')
    if (changed) deps.instances.changed(instance, 'cluster')
    looked.emit(instance)
    renewIfDue(instance, facts)
    return health
  }

  async function look(instance: string): Promise<ClusterHealth> {
    await deps.instances.require(instance)
    if (!(await bootstrapped(instance))) return healthBeforeBootstrap()
    lastLook.set(instance, performance.now())
    return shared(instance, shareMs, () => lookNow(instance))
  }

  async function pace(): Promise<HealthPace> {
    const everySeconds = (await deps.everySeconds()) ?? usualPace.everySeconds
    return { everySeconds, watchedSeconds: Math.min(everySeconds, usualPace.watchedSeconds) }
  }

  /** A cluster that is being started is all red; its operation tells about it. */
  function isStarting(instance: string): boolean {
    const holders = deps.operations.holders(`instances/${instance}/cluster`)
    return holders.some((id) => deps.operations.get(id).type === 'cluster.bootstrap')
  }

  async function lookIfDue(instance: string, { everySeconds, watchedSeconds }: HealthPace): Promise<void> {
    const seconds = watchers.has(instance) ? watchedSeconds : everySeconds
    const since = performance.now() - (lastLook.get(instance) ?? Number.NEGATIVE_INFINITY)
    if (since < seconds * 1000 || isStarting(instance) || !(await bootstrapped(instance))) return
    await look(instance)
  }

  async function round(): Promise<HealthPace> {
    const now = await pace()
    for (const instance of await deps.names())
      await lookIfDue(instance, now).catch((error: unknown) => {
        lastLook.set(instance, performance.now())
        deps.log.debug({ err: error, instance }, 'the cluster could not be looked at')
      })
    return now
  }

  async function* follow(instance: string): AsyncGenerator<ClusterHealth> {
    await deps.instances.require(instance)
    const signals = looked.iterate({ limit: 20 })
    watchers.set(instance, (watchers.get(instance) ?? 0) + 1)
    try {
      const known = (await bootstrapped(instance)) ? memory.last(instance) : undefined
      if (known) yield known
      let told = await look(instance)
      yield told
      for await (const of of signals) {
        const next = of === instance ? memory.last(instance) : undefined
        if (!next || next.checkedAt === told.checkedAt) continue
        told = next
        yield told
      }
    } finally {
      await signals.return?.()
      const left = (watchers.get(instance) ?? 1) - 1
      if (left > 0) watchers.set(instance, left)
      else watchers.delete(instance)
    }
  }

  return {
    look,
    async events(instance, limit = 50) {
      await deps.instances.require(instance)
      return memory.events(instance, parse(eventLimit, limit, 'limit'))
    },
    follow,
    async keepLooking(signal) {
      let seconds = firstSeconds
      while (!signal.aborted) {
        await deps.clock.sleep(seconds * 1000, signal).catch(() => undefined)
        if (signal.aborted) return
        const { watchedSeconds } = await round().catch((error: unknown) => {
          deps.log.warn({ err: asWildError(error) }, 'clusters are looked at at the usual pace')
          return usualPace
        })
        seconds = Math.min(watchedSeconds, firstSeconds)
      }
    },
    forget(instance) {
      memory.forget(instance)
      ready.delete(instance)
      lastLook.delete(instance)
    },
  }
}
