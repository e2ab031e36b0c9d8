import { createHash } from 'node:crypto'
import type { Lan } from '../lan.ts'
import type { Machine } from '../life.ts'
import { type Member as MemberOf, majorityOf, membersOf, runsEtcd } from '../quorum.ts'
import type { ConfiguredMachine } from '../reach.ts'
import { RpcError } from '../rpc-error.ts'

export interface EtcdMember {
  id: string
  hostname: string
  peerUrls: string
  clientUrls: string
  learner: boolean
}

type Member = MemberOf<Machine>

export const memberIdOf = (machine: Member): string =>
  createHash('sha256')
    .update(machine.hardware.uuid + machine.facts.clusterId)
    .digest('hex')
    .slice(0, 16)

function membersIn(lan: Lan, clusterId: string): Member[] {
  const etcd = lan.etcd().find((one) => one.clusterId === clusterId)
  return etcd ? membersOf(etcd, lan.machines(), lan.clock.now()) : []
}

/**
 * Refuses to take out a member where etcd would: strictly reconfigured it lets only members go whose leaving keeps a
 * majority that works, one that does not answer always, and decides nothing when the majority is lost already.
 */
function refuseUnsafe(lan: Lan, members: Member[], leaving: Member): void {
  const active = members.filter((one) => runsEtcd(one, lan.clock.now()))
  if (active.length < majorityOf(members.length))
    throw new RpcError('Unknown', 'failed to remove member: etcdserver: request timed out')
  if (members.length === 1)
    throw new RpcError(
      'Unknown',
      'failed to leave cluster: etcdserver: re-configuration failed due to not enough started members',
    )
  if (active.includes(leaving) && active.length - 1 < 1 + Math.floor((members.length - 1) / 2))
    throw new RpcError('Unknown', 'failed to remove member: etcdserver: unhealthy cluster')
}

function leave(lan: Lan, clusterId: string, number: number): void {
  const record = lan.etcd().find((one) => one.clusterId === clusterId)
  if (record) lan.putEtcd({ ...record, left: [...new Set([...(record.left ?? []), number])] })
}

function refuseOutsider(lan: Lan, machine: ConfiguredMachine, what: string): void {
  if (machine.facts.role !== 'controlplane')
    throw new RpcError('Unimplemented', `${what} is only available on control plane nodes`)
  if (lan.clock.now() < machine.etcdFrom)
    throw new RpcError('Unknown', 'failed to create etcd client: error building etcd client: context deadline exceeded')
}

/** The machine leaves etcd for good; its data goes. Throws RpcError where it is no member, or the last one. */
export function leaveEtcd(lan: Lan, machine: ConfiguredMachine): void {
  refuseOutsider(lan, machine, 'etcd leave')
  const { clusterId } = machine.facts
  const members = membersIn(lan, clusterId)
  refuseUnsafe(lan, members, members.find((one) => one.record.number === machine.record.number)!)
  leave(lan, clusterId, machine.record.number)
}

/** What a graceful reset does first; false for the last member, which cannot leave a cluster that it is alone in. */
export function leaveMembership(lan: Lan, { facts, record }: ConfiguredMachine): boolean {
  if (facts.role !== 'controlplane' || !lan.etcd().some((one) => one.clusterId === facts.clusterId)) return true
  const others = membersIn(lan, facts.clusterId).filter((one) => one.record.number !== record.number)
  if (others.length === 0) return false
  leave(lan, facts.clusterId, record.number)
  return true
}

/** Another member leads from now on; nothing happens where the machine does not lead. */
export function forfeitLeadership(lan: Lan, machine: ConfiguredMachine): void {
  refuseOutsider(lan, machine, 'etcd forfeit leadership')
}

/** Removes a broken member by its id, on a healthy one. Throws RpcError for an id nobody has. */
export function removeMember(lan: Lan, machine: ConfiguredMachine, id: string): void {
  refuseOutsider(lan, machine, 'etcd remove member')
  const { clusterId } = machine.facts
  const members = membersIn(lan, clusterId)
  const member = members.find((one) => memberIdOf(one) === id)
  if (!member) throw new RpcError('NotFound', 'etcdserver: member not found')
  refuseUnsafe(lan, members, member)
  leave(lan, clusterId, member.record.number)
}

/** The members of the machine's etcd cluster. Throws RpcError on workers, before etcd runs, and without a majority. */
export function etcdMembers(lan: Lan, machine: ConfiguredMachine): EtcdMember[] {
  if (machine.facts.role !== 'controlplane')
    throw new RpcError('Unimplemented', 'member list is only available on control plane nodes')
  const now = lan.clock.now()
  if (now < machine.etcdFrom) throw new RpcError('Unknown', 'error building etcd client: context deadline exceeded')
  if (!machine.hasMajority) throw new RpcError('Unknown', 'etcdserver: no leader')
  const members = membersIn(lan, machine.facts.clusterId)
  return members.map((one) => ({
    id: memberIdOf(one),
    hostname: one.hostname,
    peerUrls: `https://${one.addresses[0]}:2380`,
    clientUrls: `https://${one.addresses[0]}:2379`,
    learner: false,
  }))
}
