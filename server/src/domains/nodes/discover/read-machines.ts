import type { Step, StepContext } from '../../../operations/define.ts'
import { exists } from '../../../platform/atomic-file.ts'
import { ipToNumber } from '../../../platform/network.ts'
import { createTalosctl, type Talosctl } from '../../../tools/talosctl.ts'
import { allRecords } from '../assign/world.ts'
import { identify, whoSpeaks } from '../machine-reader.ts'
import { type Machine, machineResult, type NodeRecord, type OtherHost } from '../model.ts'
import { eachOf } from '../tcp-probe.ts'
import type { Spoken } from '../tls-probe.ts'
import type { DiscoveryWorld } from './world.ts'

const concurrency = 3
const probesAtOnce = 64

type Owned = { instance: string; record: NodeRecord }

/** Talosctl with the certificate of each instance that could own the machine at an address: this one's first. */
async function certificatesFor(w: DiscoveryWorld, ctx: StepContext, ip: string, records: Owned[]) {
  const others = records
    .filter(({ record }) => record.targetIp === ip || record.currentIp === ip)
    .map(({ instance }) => instance)
  const found: { instance: string; talosctl: Talosctl }[] = []
  for (const instance of new Set([w.instance, ...others])) {
    const { talosconfig, home } = w.deps.paths.instance(instance)
    if (await exists(talosconfig)) found.push({ instance, talosctl: createTalosctl(ctx.run, { talosconfig, home }) })
  }
  return found
}

/** Adds whose the machine is, by its hardware address. */
function withOwner(machine: Machine, records: Owned[]): Machine {
  const owner = records.find(({ record }) => record.mac && record.mac === machine.mac)
  return owner ? { ...machine, instance: owner.instance, node: owner.record.name } : machine
}

/** One machine may answer at several addresses (the VIP): the one in its node's record counts, else the first. */
function keepOne(known: Machine | undefined, machine: Machine, records: Owned[]): Machine {
  if (!known) return machine
  const own = records.find(({ record }) => record.mac === machine.mac)?.record
  return own?.targetIp === machine.ip ? machine : known
}

/** What speaks against a machine being where it is; undefined when nothing does. */
function problemOf(machine: Machine, all: Machine[], records: Owned[]): string | undefined {
  if (machine.problem) return machine.problem
  const twin = all.find((one) => one !== machine && machine.mac && one.mac === machine.mac && one.uuid !== machine.uuid)
  if (twin) return `it has the hardware address of the machine at ${twin.ip}; one of them must be changed`
  const owner = records.find(({ record }) => record.targetIp === machine.ip && record.mac !== machine.mac)
  if (!owner) return undefined
  const { record, instance } = owner
  const name = `${record.name} of ${instance}`
  if (machine.state === 'stranger' && record.maintenance === false)
    return `${machine.ip} is the address of ${name}, but it does not accept that instance's certificate: set up by somebody else, or with other secrets`
  if (!machine.mac) return undefined
  return record.maintenance === false
    ? `it has the address of ${name} (${record.mac}): two machines with one address disturb each other. Give one another address`
    : `${name} is to get this address (${machine.ip}); give this machine, or that node, another one`
}

/** Asks every machine found what it is made of; results appear machine by machine. */
export function readMachines(w: DiscoveryWorld): Step {
  return {
    name: 'read',
    title: 'Reading the machines found',
    weight: 3,
    timeoutMs: 15 * 60_000,
    done: () => w.open.length === 0 && 'no machine was found',
    async run(ctx) {
      const insecure = createTalosctl(ctx.run, { home: w.deps.paths.instance(w.instance).home })
      const records = await allRecords({ instances: w.deps.instances, store: w.store })
      const machines = new Map<string, Machine>()
      const others: OtherHost[] = []
      let read = 0
      const byAddress = (a: { ip: string }, b: { ip: string }) => ipToNumber(a.ip) - ipToNumber(b.ip)
      const show = () =>
        ctx.result({
          nodes: [...machines.values()].sort(byAddress).map(machineResult),
          others: [...others].sort(byAddress),
        })
      async function readOne(ip: string): Promise<void> {
        const found = await identify(ip, insecure, await certificatesFor(w, ctx, ip, records), spoken.get(ip))
        read++
        ctx.progress(read / w.open.length)
        if ('other' in found) {
          others.push(found.other)
          show()
          return ctx.say(`${ip}: ${found.other.reason}`)
        }
        const known = machines.get(found.machine.mac ?? ip)
        // Two machines with one hardware address stay two.
        const key = known && known.uuid !== found.machine.uuid ? ip : (found.machine.mac ?? ip)
        const owned = keepOne(machines.get(key), withOwner(found.machine, records), records)
        const problem = problemOf(owned, [...machines.values()], records)
        const machine = problem ? { ...owned, problem } : owned
        machines.set(key, machine)
        const at = new Date(ctx.clock.now()).toISOString()
        if (machine.mac) {
          w.store.remember({ ...machine, mac: machine.mac }, { at, discovery: w.startedAt })
          w.sightings.emit({ instance: w.instance, machine: { ...machine, mac: machine.mac, seenAt: at } })
        }
        show()
        ctx.say(describe(machine))
        if (problem) ctx.warn(`${machine.ip}: ${problem}.`)
        w.deps.instances.changed(w.instance, 'nodes')
      }
      // Hosts that never answer cost time only: they are asked all together, before any tool is started.
      const spoken = new Map<string, Spoken>()
      await eachOf(
        w.open,
        probesAtOnce,
        async (ip) => void spoken.set(ip, await whoSpeaks(ip)),
        () => ctx.signal.aborted,
      )
      ctx.signal.throwIfAborted()
      await eachOf(w.open, concurrency, readOne, () => ctx.signal.aborted)
      ctx.signal.throwIfAborted()
      if (machines.size === 0) show()
      ctx.say(summary([...machines.values()]))
    },
  }
}

/** "3 machines: 2 in maintenance mode, 1 of ours". */
function summary(machines: Machine[]): string {
  const count = (state: Machine['state']) => machines.filter((machine) => machine.state === state).length
  const parts = [
    [count('maintenance'), 'in maintenance mode'],
    [count('ours'), 'of ours'],
    [count('stranger'), 'of another cluster'],
  ] as const
  const told = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`)
  return `${machines.length} ${machines.length === 1 ? 'machine' : 'machines'}${told.length ? `: ${told.join(', ')}` : ''}`
}

function describe(machine: Machine): string {
  if (machine.state === 'stranger')
    return `${machine.ip}: a machine of another cluster${machine.hostname ? `, called ${machine.hostname}` : ''}`
  const owner = machine.node ? `, ${machine.node} of ${machine.instance}` : ''
  const disk = machine.selectedDisk ?? 'no suitable disk'
  return `${machine.ip}: ${machine.mac ?? 'no hardware address'}, ${machine.interface ?? 'no interface'}, ${disk}${owner}`
}
