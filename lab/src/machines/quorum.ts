import type { ConfigFacts } from './config-facts.ts'
import type { EtcdRecord, MachineRecord } from './record.ts'

/** As much of a machine as decides whether it works in an etcd cluster. */
interface Candidate {
  record: Pick<MachineRecord, 'number'>
  facts?: ConfigFacts
  up: boolean
  etcdFrom: number
}

export type Member<M> = M & { facts: ConfigFacts }

/** Whether etcd runs on the machine, where others can reach it. */
export const runsEtcd = (machine: Candidate, now: number): boolean => machine.up && now >= machine.etcdFrom

/** Machines that are members, whether or not they can be reached: one that joined stays a member while it is off. */
export function membersOf<M extends Candidate>(etcd: EtcdRecord, machines: M[], now: number): Member<M>[] {
  return machines
    .filter((one): one is Member<M> => one.facts?.clusterId === etcd.clusterId && one.facts.role === 'controlplane')
    .filter(({ record: { number } }) => !etcd.left?.includes(number))
    .filter((one) => etcd.joined?.includes(one.record.number) || runsEtcd(one, now))
}

/** How many of so many members have to work together before etcd decides anything, or even tells what it holds. */
export const majorityOf = (members: number): number => Math.floor(members / 2) + 1

/** Whether enough members work. */
export function hasMajority(etcd: EtcdRecord, machines: Candidate[], now: number): boolean {
  const members = membersOf(etcd, machines, now)
  return members.filter((one) => runsEtcd(one, now)).length >= majorityOf(members.length)
}
