import { createHash } from 'node:crypto'
import type { Lan } from '../lan.ts'
import type { ConfiguredMachine } from '../reach.ts'
import { RpcError } from '../rpc-error.ts'

export interface EtcdMember {
  id: string
  hostname: string
  peerUrls: string
  clientUrls: string
  learner: boolean
}

/** The members of the machine's etcd cluster. Throws RpcError on workers and before etcd runs. */
export function etcdMembers(lan: Lan, machine: ConfiguredMachine): EtcdMember[] {
  if (machine.facts.role !== 'controlplane')
    throw new RpcError('Unimplemented', 'member list is only available on control plane nodes')
  const now = lan.clock.now()
  if (now < machine.etcdFrom) throw new RpcError('Unknown', 'error building etcd client: context deadline exceeded')
  const members = lan
    .machines()
    .filter(
      (one) =>
        one.facts?.clusterId === machine.facts.clusterId && one.facts.role === 'controlplane' && now >= one.etcdFrom,
    )
  return members.map((one) => ({
    id: createHash('sha256')
      .update(one.hardware.uuid + machine.facts.clusterId)
      .digest('hex')
      .slice(0, 16),
    hostname: one.hostname,
    peerUrls: `https://${one.addresses[0]}:2380`,
    clientUrls: `https://${one.addresses[0]}:2379`,
    learner: false,
  }))
}
