import type { Shape } from './protobuf.ts'

/** Messages of the Talos machine API with their field numbers, as a client knows them; nothing is shared with the lab. */
const status = { code: [1, 'int'], message: [2, 'string'] } as const
export const metadata = { hostname: [1, 'string'], error: [2, 'string'], status: [3, status] } as const
const timestamp = { seconds: [1, 'int'], nanos: [2, 'int'] } as const
export const empty = {} as const
export const data = { metadata: [1, metadata], bytes: [2, 'bytes'] } as const

/** A response that holds one entry per node. */
const perNode = <T extends Shape>(fields: T) => ({ messages: [1, [{ metadata: [1, metadata], ...fields }]] }) as const
const acted = perNode({ actor_id: [2, 'string'] })
const told = perNode({ resp: [2, 'string'] })

const serviceEvent = { msg: [1, 'string'], state: [2, 'string'], ts: [3, timestamp] } as const
const serviceInfo = {
  id: [1, 'string'],
  state: [2, 'string'],
  events: [3, { events: [1, [serviceEvent]] }],
  health: [4, { unknown: [1, 'bool'], healthy: [2, 'bool'], last_message: [3, 'string'], last_change: [4, timestamp] }],
} as const
const member = {
  id: [2, 'uint64'],
  hostname: [3, 'string'],
  peer_urls: [4, ['string']],
  client_urls: [5, ['string']],
  is_learner: [6, 'bool'],
} as const
const disk = {
  size: [1, 'uint64'],
  model: [2, 'string'],
  device_name: [3, 'string'],
  serial: [5, 'string'],
  wwid: [8, 'string'],
  type: [9, 'int'],
  readonly: [13, 'bool'],
} as const

/** Numbers of the modes of apply-config. */
export const applyModes = { reboot: 0, auto: 1, 'no-reboot': 2, staged: 3, try: 4 } as Record<string, number>

export interface Rpc {
  path: string
  request: Shape
  response: Shape
}
const machine = (name: string, request: Shape, response: Shape): Rpc => ({
  path: `/machine.MachineService/${name}`,
  request,
  response,
})
const serviceId = { id: [1, 'string'] } as const

/** What is asked of one machine. */
export const rpcs = {
  applyConfiguration: machine(
    'ApplyConfiguration',
    { data: [1, 'bytes'], mode: [4, 'int'], dry_run: [5, 'bool'] },
    perNode({ warnings: [2, ['string']], mode: [3, 'int'], mode_details: [4, 'string'] }),
  ),
  bootstrap: machine('Bootstrap', { recover_etcd: [1, 'bool'], recover_skip_hash_check: [2, 'bool'] }, perNode({})),
  copy: machine('Copy', { root_path: [1, 'string'] }, data),
  etcdForfeitLeadership: machine('EtcdForfeitLeadership', empty, perNode({ member: [2, 'string'] })),
  etcdLeaveCluster: machine('EtcdLeaveCluster', empty, perNode({})),
  etcdMemberList: machine(
    'EtcdMemberList',
    { query_local: [1, 'bool'] },
    perNode({ legacy_members: [2, ['string']], members: [3, [member]] }),
  ),
  etcdRecover: machine('EtcdRecover', data, perNode({})),
  etcdSnapshot: machine('EtcdSnapshot', empty, data),
  etcdRemoveMemberById: machine('EtcdRemoveMemberByID', { member_id: [1, 'uint64'] }, perNode({})),
  kubeconfig: machine('Kubeconfig', empty, data),
  read: machine('Read', { path: [1, 'string'] }, data),
  rollback: machine('Rollback', empty, perNode({})),
  reboot: machine('Reboot', { mode: [1, 'int'] }, acted),
  reset: machine(
    'Reset',
    {
      graceful: [1, 'bool'],
      reboot: [2, 'bool'],
      system_partitions_to_wipe: [3, [{ label: [1, 'string'], wipe: [2, 'bool'] }]],
      user_disks_to_wipe: [4, ['string']],
      mode: [5, 'int'],
    },
    acted,
  ),
  serviceList: machine('ServiceList', empty, perNode({ services: [2, [serviceInfo]] })),
  serviceRestart: machine('ServiceRestart', serviceId, told),
  serviceStart: machine('ServiceStart', serviceId, told),
  serviceStop: machine('ServiceStop', serviceId, told),
  shutdown: machine('Shutdown', { force: [1, 'bool'] }, acted),
  upgrade: machine(
    'Upgrade',
    { image: [1, 'string'], preserve: [2, 'bool'], stage: [3, 'bool'], force: [4, 'bool'], reboot_mode: [5, 'int'] },
    perNode({ ack: [2, 'string'], actor_id: [3, 'string'] }),
  ),
  version: machine(
    'Version',
    empty,
    perNode({
      version: [
        2,
        { tag: [1, 'string'], sha: [2, 'string'], go_version: [4, 'string'], os: [5, 'string'], arch: [6, 'string'] },
      ],
      platform: [3, { name: [1, 'string'], mode: [2, 'string'] }],
      features: [4, { rbac: [1, 'bool'] }],
    }),
  ),
  disks: { path: '/storage.StorageService/Disks', request: empty, response: perNode({ disks: [2, [disk]] }) },
  healthCheck: {
    path: '/cluster.ClusterService/HealthCheck',
    request: {
      wait_timeout: [1, { seconds: [1, 'int'], nanos: [2, 'int'] }],
      cluster_info: [2, { control_plane_nodes: [1, ['string']], worker_nodes: [2, ['string']] }],
    },
    response: { metadata: [1, metadata], message: [2, 'string'] },
  },
} satisfies Record<string, Rpc>

const resource = {
  metadata: [
    1,
    {
      namespace: [1, 'string'],
      type: [2, 'string'],
      id: [3, 'string'],
      version: [4, 'string'],
      owner: [5, 'string'],
      phase: [6, 'string'],
      created: [7, timestamp],
      updated: [8, timestamp],
    },
  ],
  spec: [2, { proto_spec: [1, 'bytes'], yaml_spec: [2, 'string'] }],
} as const
const one = { namespace: [1, 'string'], type: [2, 'string'], id: [3, 'string'] } as const

/** Resources of a machine. */
export const state = {
  get: { path: '/cosi.resource.State/Get', request: one, response: { resource: [1, resource] } },
  list: {
    path: '/cosi.resource.State/List',
    request: {
      namespace: [1, 'string'],
      type: [2, 'string'],
      options: [3, { id_query: [2, { regexp: [1, 'string'] }] }],
    },
    response: { resource: [1, resource] },
  },
  create: { path: '/cosi.resource.State/Create', request: empty, response: empty },
} satisfies Record<string, Rpc>

/** What a resource definition says in its protobuf form. */
export const definitionSpec = {
  resource_type: [1, 'string'],
  display_type: [2, 'string'],
  default_namespace: [3, 'string'],
  aliases: [4, ['string']],
  all_aliases: [5, ['string']],
  print_columns: [6, [{ name: [1, 'string'], json_path: [2, 'string'] }]],
  sensitivity: [7, 'int'],
} as const
