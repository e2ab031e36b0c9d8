import { gunzipSync } from 'node:zlib'
import { parse } from 'yaml'
import type { NodeCall, Transport } from '../src/talosctl/transport.ts'
import { call, type Dialled, GrpcError } from './grpc.ts'
import { applyModes, definitionSpec, type Rpc, rpcs, state } from './messages.ts'
import { decode, type Fields } from './protobuf.ts'

/** Whom a call goes to and the node it names there. */
interface Line {
  to: Dialled
  node?: string
}

/** The content of the one file in a gzip'd tar. */
function contentIn(archive: Buffer): Buffer {
  const tar = gunzipSync(archive)
  const size = Number.parseInt(tar.toString('latin1', 124, 135), 8)
  return tar.subarray(512, 512 + size)
}

/** The same as text. */
export const fileIn = (archive: Buffer): string => contentIn(archive).toString('utf8')

async function send(line: Line, rpc: Rpc, request: Fields = {}): Promise<Fields> {
  const [answer] = await call(line.to, rpc, request, line.node ? { nodes: line.node } : {})
  const message = (answer!.messages as Fields[] | undefined)?.[0] ?? answer!
  const error = message.metadata?.error
  if (error) throw new Error(`1 error occurred:\n\t* ${error}\n\n`)
  return message
}

/** A file that comes in any number of messages. Throws what one of them tells of its node. */
async function content(line: Line, rpc: Rpc, request: Fields = {}): Promise<Buffer> {
  const messages = await call(line.to, rpc, request, line.node ? { nodes: line.node } : {})
  const failed = messages.find(({ metadata }) => metadata?.error)
  if (failed) throw new Error(`1 error occurred:\n\t* ${failed.metadata.error}\n\n`)
  return Buffer.concat(messages.map(({ bytes }) => bytes))
}

/** `get TYPE [ID]`: version, definitions, then the resources themselves. */
async function get(line: Line, type: string, id?: string): Promise<unknown> {
  const headers: Record<string, string> = line.node ? { node: line.node } : {}
  await send(line, rpcs.version).catch((error: unknown) => {
    // A machine in maintenance mode has none; one that cannot be reached says so again in a moment.
    if (!(error instanceof Error)) throw error
  })
  const definitions = await call(
    line.to,
    state.list,
    { namespace: 'meta', type: 'ResourceDefinitions.meta.cosi.dev' },
    headers,
  )
  const specs = definitions.map(({ resource }) => decode(definitionSpec, resource.spec.proto_spec))
  const wanted = specs.filter((spec) => spec.all_aliases.includes(type.toLowerCase()))
  if (wanted.length === 0) throw new GrpcError('NotFound', `resource "${type}" is not registered`)
  if (wanted.length > 1) throw new GrpcError('InvalidArgument', `resource type "${type}" is ambiguous`)
  const query = { namespace: wanted[0]!.default_namespace, type: wanted[0]!.resource_type }
  const found =
    id === undefined
      ? await call(line.to, state.list, query, headers)
      : await call(line.to, state.get, { ...query, id }, headers)
  return found.map(({ resource }) => documentOf(resource))
}

function documentOf({ metadata, spec }: Fields): unknown {
  if (spec.yaml_spec === '') throw new Error('YAML spec is not specified')
  const at = (time: Fields): string => new Date(time.seconds * 1000).toISOString().replace('.000Z', 'Z')
  return {
    metadata: {
      created: at(metadata.created),
      id: /^\d+$/.test(metadata.id) ? Number(metadata.id) : metadata.id,
      namespace: metadata.namespace,
      owner: metadata.owner || null,
      phase: metadata.phase,
      type: metadata.type,
      updated: at(metadata.updated),
      version: Number(metadata.version),
    },
    spec: parse(spec.yaml_spec),
  }
}

async function service(line: Line, id?: string, action?: string): Promise<unknown> {
  if (action !== undefined) {
    const rpc = { start: rpcs.serviceStart, stop: rpcs.serviceStop, restart: rpcs.serviceRestart }[action]!
    return { message: (await send(line, rpc, { id })).resp }
  }
  const { services } = await send(line, rpcs.serviceList)
  return (services as Fields[])
    .filter((one) => id === undefined || one.id === id)
    .map(({ id: name, state: now, health }) => ({
      id: name,
      state: now,
      healthy: health.healthy,
      unknown: health.unknown,
      ageSeconds: Math.max(0, Math.floor(Date.now() / 1000 - health.last_change.seconds)),
    }))
}

async function etcdMembers(line: Line): Promise<unknown> {
  const { members } = await send(line, rpcs.etcdMemberList, { query_local: true })
  return (members as Fields[]).map((one) => ({
    id: (one.id as bigint).toString(16).padStart(16, '0'),
    hostname: one.hostname,
    peerUrls: one.peer_urls.join(','),
    clientUrls: one.client_urls.join(','),
    learner: one.is_learner,
  }))
}

// biome-ignore lint/suspicious/noExplicitAny: parameters are what the stand-in's commands hand over
type Given = any

/** The stand-in's commands as calls of the machine API. */
const commands: Record<string, (line: Line, params: Given) => Promise<unknown>> = {
  get: (line, { type, id }) => get(line, type, id),
  version: async (line) => ({ tag: (await send(line, rpcs.version)).version.tag }),
  'apply-config': async (line, { config, mode, dryRun }) =>
    (await send(line, rpcs.applyConfiguration, { data: Buffer.from(config), mode: applyModes[mode], dry_run: dryRun }))
      .mode_details,
  bootstrap: async (line, { snapshot, skipHashCheck }) => {
    if (snapshot === undefined) return send(line, rpcs.bootstrap)
    const file = Buffer.from(snapshot, 'base64')
    const half = Math.floor(file.length / 2)
    const parts = [file.subarray(0, half), file.subarray(half)].map((bytes) => ({ bytes }))
    await call(line.to, rpcs.etcdRecover, parts, line.node ? { nodes: line.node } : {})
    return send(line, rpcs.bootstrap, { recover_etcd: true, recover_skip_hash_check: skipHashCheck === true })
  },
  kubeconfig: async (line) => fileIn((await send(line, rpcs.kubeconfig)).bytes),
  service: (line, { id, action }) => service(line, id, action),
  'etcd-members': etcdMembers,
  'etcd-snapshot': async (line) => (await content(line, rpcs.etcdSnapshot)).toString('base64'),
  copy: async (line, { path }) => contentIn(await content(line, rpcs.copy, { root_path: path })).toString('base64'),
  read: async (line, { path }) => (await content(line, rpcs.read, { path })).toString(),
  rollback: (line) => send(line, rpcs.rollback),
  'etcd-leave': (line) => send(line, rpcs.etcdLeaveCluster),
  'etcd-forfeit-leadership': (line) => send(line, rpcs.etcdForfeitLeadership),
  'etcd-remove-member': (line, { member }) =>
    send(line, rpcs.etcdRemoveMemberById, { member_id: BigInt(`0x${member}`) }),
  reboot: (line) => send(line, rpcs.reboot),
  shutdown: (line) => send(line, rpcs.shutdown),
  upgrade: (line, { image, stage, force }) =>
    send(line, rpcs.upgrade, { image, ...(stage ? { stage } : {}), ...(force ? { force } : {}) }),
  reset: (line, { graceful, reboot, labels }) =>
    send(line, rpcs.reset, {
      graceful,
      reboot,
      system_partitions_to_wipe: (labels as string[]).map((label) => ({ label, wipe: true })),
    }),
}

/** Calls over gRPC and TLS to the machines themselves, as the real client makes them. */
export const overWire: Transport = async (_env, { command, params, node, ...who }) => {
  const run = commands[command]
  if (!run) return { error: `${command} is not known on the wire` }
  let last = ''
  for (const endpoint of who.endpoints) {
    try {
      return { result: await run({ to: dialled(endpoint, who), node }, params) }
    } catch (error) {
      last = (error as Error).message
      if (!last.includes('Error while dialing')) break
    }
  }
  return { error: last }
}

/** Node reads keys under the standard label only. */
const readable = (key: string | undefined): string | undefined => key?.replaceAll('ED25519 PRIVATE KEY', 'PRIVATE KEY')

const dialled = (endpoint: string, who: Pick<NodeCall, 'ca' | 'crt' | 'key'>): Dialled => ({
  endpoint: endpoint.replace(/:50000$/, ''),
  ca: who.ca,
  crt: who.crt,
  key: readable(who.key),
})
