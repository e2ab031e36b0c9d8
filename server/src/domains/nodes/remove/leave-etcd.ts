import { NotYet, type Step, type StepContext } from '../../../operations/define.ts'
import { saidBy, WildError } from '../../../platform/errors.ts'
import type { EtcdMember } from '../../../tools/talosctl-resources.ts'
import { evenCount, majorityOf } from '../control-plane-count.ts'
import { explainMachine } from '../machine-failure.ts'
import { type NodeRecord, nameOf } from '../model.ts'
import { whoAnswers } from '../who-answers.ts'
import type { RemoveWorld } from './world.ts'

interface Look {
  members: EtcdMember[]
  /** The node itself, while it is a member. */
  own?: EtcdMember
  /** Another control plane that answers, and was asked. */
  peer: NodeRecord
  /** Other members that do not answer. */
  silent: string[]
}

/** etcd tells nobody who its members are while it has no majority. */
const leaderless = /etcdserver: (no leader|request timed out)/
const saysLeaderless = (error: unknown): boolean => error instanceof WildError && leaderless.test(saidBy(error))

/** Asks another control plane who is in etcd. */
async function look(w: RemoveWorld, ctx: StepContext): Promise<Look> {
  const others = await w.otherPlanes()
  const { awake, silent: unheard } = await whoAnswers(others, ctx.signal)
  const peer = awake[0]
  if (!peer)
    throw new WildError(
      'CLUSTER_UNREACHABLE',
      `No other control plane answers (${others.map(nameOf).join(', ')}), so ${w.node} cannot be taken out of etcd. Bring one back, then run this again.`,
      { node: w.node, hint: 'wild-cli cluster health' },
    )
  try {
    const members = await w.talosctl(ctx).etcdMembers(peer.targetIp!)
    const silent = unheard.filter((other) => members.some((one) => one.hostname === other.name))
    const own = members.find(({ hostname }) => hostname === w.node)
    return { members, own, peer, silent: silent.map(nameOf) }
  } catch (error) {
    if (!saysLeaderless(error)) throw explainMachine(error, peer, 'Asking for the members of etcd')
    // As written down, this node and the others are its members.
    const silent = unheard.map(nameOf)
    throw withoutMajority(w, { members: others.length + 1, working: awake.length + (w.gone ? 0 : 1), silent })
  }
}

/** etcd decides by majority: one member fewer must not leave too few that work. */
function refuseLostQuorum(w: RemoveWorld, { members, silent }: Look): void {
  const left = members.length - 1
  if (left - silent.length >= majorityOf(left)) return
  throw new WildError(
    'CONFLICT',
    `Without ${w.node} etcd would have no majority: ${silent.join(' and ')} ${silent.length === 1 ? 'does' : 'do'} not answer. Bring ${silent.length === 1 ? 'it' : 'them'} back first; a machine that is broken for good is taken out with "gone".`,
    { node: w.node, silent, hint: 'wild-cli cluster health' },
  )
}

interface Count {
  members: number
  working: number
  silent: string[]
}

/** Without a majority that works etcd decides nothing, not even who leaves it: only a snapshot leads on from there. */
function withoutMajority(w: RemoveWorld, { members, working, silent }: Count): WildError {
  return new WildError(
    'CONFLICT',
    `etcd has lost its majority: ${working} of ${members} members ${working === 1 ? 'answers' : 'answer'}, and it needs ${majorityOf(members)} to take ${w.node} out. Bring a control plane back; or, when it is broken for good, start etcd again on those that are left, with what it holds, and run this again: wild-cli cluster etcd-snapshot save last, then wild-cli cluster etcd-snapshot restore last --skip-offline`,
    { node: w.node, silent, hint: 'wild-cli cluster etcd-snapshot save last' },
  )
}

function refuseWithoutQuorum(w: RemoveWorld, { members, silent }: Look): void {
  const working = members.length - silent.length - (w.gone ? 1 : 0)
  if (working >= majorityOf(members.length)) return
  throw withoutMajority(w, { members: members.length, working, silent })
}

/** Why etcd is not concerned; undefined when it may be. */
async function unconcerned(w: RemoveWorld): Promise<string | undefined> {
  if ((await w.record()).role !== 'controlplane') return 'a worker is not part of etcd'
  if (!(await w.bootstrapped())) return 'the cluster is not bootstrapped'
  if ((await w.otherPlanes()).length === 0) return 'there is no other control plane'
  return undefined
}

/** Asks who is in etcd, and throws unless it goes on without the node; undefined when the node is no member. */
async function lookToSpare(w: RemoveWorld, ctx: StepContext): Promise<Look | undefined> {
  const now = await look(w, ctx)
  if (!now.own) return undefined
  refuseWithoutQuorum(w, now)
  refuseLostQuorum(w, now)
  return now
}

/** Looks whether etcd goes on without the node, before its pods are moved. Reads only. */
export function spareInEtcd(w: RemoveWorld): Step {
  return {
    name: 'spare-in-etcd',
    title: 'Looking whether etcd can spare it',
    async done(ctx) {
      const nothing = await unconcerned(w)
      if (nothing) return nothing
      const now = await lookToSpare(w, ctx)
      return now ? `${now.members.length - 1} of ${now.members.length} members stay` : 'it is no member'
    },
    run: async () => undefined,
  }
}

/** Takes the node out of etcd: it leaves by itself, or another control plane removes it when its machine is gone. */
export function leaveEtcd(w: RemoveWorld): Step {
  async function leave(ctx: StepContext, { own, peer }: Look): Promise<void> {
    const record = await w.record()
    const talosctl = w.talosctl(ctx)
    if (w.gone || w.forced) {
      await talosctl.removeEtcdMember(peer.targetIp!, own!.id).catch((error) => {
        throw explainMachine(error, peer, `Removing ${w.node} from etcd`)
      })
      return
    }
    try {
      await talosctl.forfeitLeadership(record.targetIp!)
      await talosctl.leaveEtcd(record.targetIp!)
    } catch (error) {
      throw explainMachine(error, record, 'Leaving etcd')
    }
  }
  return {
    name: 'leave-etcd',
    title: 'Taking it out of etcd',
    weight: 2,
    async needs(ctx) {
      if (!(await unconcerned(w))) await lookToSpare(w, ctx)
    },
    async done(ctx) {
      return (await unconcerned(w)) ?? (!(await look(w, ctx)).own && 'it is no member')
    },
    async run(ctx) {
      const now = await look(w, ctx)
      await leave(ctx, now)
      await ctx.waitFor({
        what: `etcd to go on without ${w.node}`,
        look: async () => {
          if ((await look(w, ctx)).own) throw new NotYet('it is still a member')
        },
      })
      const left = now.members.length - 1
      ctx.say(`etcd has ${left} ${left === 1 ? 'member' : 'members'} now`)
      const even = evenCount(left)
      if (even) ctx.warn(even)
    },
    plan: async () => [
      {
        kind: 'command',
        text:
          w.gone || w.forced
            ? `talosctl etcd remove-member, on another control plane`
            : `talosctl etcd leave, on ${w.node}`,
      },
    ],
  }
}
