import { builder } from '../../platform/schema-builder.ts'
import type { ClusterEvent } from '../objects/index.ts'
import { OperationType } from '../operations/index.ts'
import { PodType } from '../services/index.ts'
import {
  type Certificate,
  certificateStates,
  type Details,
  type Drift,
  type PodLine,
  type Volume,
  workloadKinds,
} from './model.ts'
import type { WorkloadsService } from './service.ts'

declare module '../../platform/schema-builder.ts' {
  interface Services {
    workloads: WorkloadsService
  }
}

const KindType = builder.enumType('WorkloadKind', {
  description: 'What lives in the cluster as a set of objects from the catalog.',
  values: workloadKinds,
})

const LineType = builder.objectRef<PodLine>('PodLine').implement({
  description: 'A line a container printed.',
  fields: (t) => ({
    pod: t.exposeString('pod', { description: 'Its pod.' }),
    container: t.exposeString('container', { description: 'Its container.' }),
    at: t.string({ nullable: true, description: 'When.', resolve: ({ at }) => at }),
    text: t.exposeString('text', { description: 'The line, secrets hidden.' }),
  }),
})

const EventType = builder.objectRef<ClusterEvent>('WorkloadEvent').implement({
  description: 'Something the cluster tells about an object.',
  fields: (t) => ({
    id: t.exposeString('id', { description: 'The same while it is counted on.' }),
    at: t.exposeString('at', { description: 'When it was seen last.' }),
    warning: t.exposeBoolean('warning', { description: 'Is something wrong?' }),
    reason: t.exposeString('reason', { description: 'The word the cluster has for it.' }),
    message: t.exposeString('message', { description: 'As the cluster says it.' }),
    plain: t.string({ nullable: true, description: 'In plain words.', resolve: ({ plain }) => plain }),
    object: t.exposeString('object', { description: 'What it is about.' }),
    count: t.exposeInt('count', { description: 'How often it was seen.' }),
  }),
})

const VolumeType = builder.objectRef<Volume>('Volume').implement({
  description: 'A place for data.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    size: t.string({ nullable: true, description: 'How large it is.', resolve: ({ size }) => size }),
    phase: t.exposeString('phase', { description: 'Pending, Bound or Lost.' }),
    storageClass: t.string({ nullable: true, description: 'Who keeps it.', resolve: (volume) => volume.storageClass }),
    usedBytes: t.float({
      nullable: true,
      description: 'Bytes in use, when the machine tells.',
      resolve: (v) => v.usedBytes,
    }),
    capacityBytes: t.float({
      nullable: true,
      description: 'Bytes there are, when the machine tells.',
      resolve: (v) => v.capacityBytes,
    }),
  }),
})

const CertificateStateType = builder.enumType('CertificateState', {
  description:
    'How a certificate stands: `local` is signed by an authority browsers do not know, `expiring` ends within two weeks.',
  values: certificateStates,
})

const CertificateType = builder.objectRef<Certificate>('AddressCertificate').implement({
  description: 'The certificate an address is served with.',
  fields: (t) => ({
    host: t.exposeString('host', { description: 'The address.' }),
    state: t.field({ type: CertificateStateType, description: 'How it stands.', resolve: ({ state }) => state }),
    validTo: t.string({ nullable: true, description: 'Until when it counts.', resolve: ({ validTo }) => validTo }),
    issuer: t.string({ nullable: true, description: 'Who signed it.', resolve: ({ issuer }) => issuer }),
  }),
})

const WorkloadType = builder.objectRef<Details>('Workload').implement({
  description: 'What the cluster knows of a service or app.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    namespace: t.exposeString('namespace', { description: 'Where it runs.' }),
    pods: t.field({ type: [PodType], description: 'Its pods.', resolve: ({ pods }) => pods }),
    volumes: t.field({ type: [VolumeType], description: 'Its volumes.', resolve: ({ volumes }) => volumes }),
    urls: t.exposeStringList('urls', { description: 'Where it is found in a browser.' }),
    addresses: t.exposeStringList('addresses', { description: 'Its addresses on the network.' }),
    certificates: t.field({
      type: [CertificateType],
      description: 'Its certificates.',
      resolve: (w) => w.certificates,
    }),
    lastError: t.string({
      nullable: true,
      description: 'What went wrong last, in plain words.',
      resolve: (w) => w.lastError,
    }),
    events: t.field({
      type: [EventType],
      description: 'The newest events, newest first.',
      resolve: ({ events }) => events,
    }),
  }),
})

const DriftType = builder.objectRef<Drift>('Drift').implement({
  description: 'An object that is not what was deployed: somebody changed it.',
  fields: (t) => ({
    object: t.exposeString('object', { description: 'Which one.' }),
    missing: t.exposeBoolean('missing', { description: 'It was deleted.' }),
    diff: t.string({ nullable: true, description: 'What putting it back would change.', resolve: ({ diff }) => diff }),
    adoptable: t.exposeBoolean('adoptable', { description: 'The change can be taken over into the files.' }),
  }),
})

const instanceArg = { required: true, description: 'Name of the instance.' } as const
const kindArg = { required: true, description: 'Is it a service or an app?' } as const
const nameArg = { required: true, description: 'Its name.' } as const
const tailArg = { description: 'How many lines of each pod (default 100).' } as const

builder.queryFields((t) => ({
  workload: t.field({
    type: WorkloadType,
    description: 'What the cluster knows of a service or app.',
    args: {
      instance: t.arg.string(instanceArg),
      kind: t.arg({ type: KindType, ...kindArg }),
      name: t.arg.string(nameArg),
    },
    resolve: (_root, input, { services }) => services.workloads.details(input),
  }),
  workloadLog: t.field({
    type: [LineType],
    description: 'The last lines its pods printed.',
    args: {
      instance: t.arg.string(instanceArg),
      kind: t.arg({ type: KindType, ...kindArg }),
      name: t.arg.string(nameArg),
      tail: t.arg.int(tailArg),
    },
    resolve: (_root, { tail, ...input }, { services }) => services.workloads.logs(input, tail ?? 100),
  }),
  workloadEvents: t.field({
    type: [EventType],
    description: 'What the cluster tells about it, oldest first.',
    args: {
      instance: t.arg.string(instanceArg),
      kind: t.arg({ type: KindType, ...kindArg }),
      name: t.arg.string(nameArg),
    },
    resolve: (_root, input, { services }) => services.workloads.events(input),
  }),
  workloadDrift: t.field({
    type: [DriftType],
    description: 'What somebody changed or deleted in the cluster since it was deployed.',
    args: {
      instance: t.arg.string(instanceArg),
      kind: t.arg({ type: KindType, ...kindArg }),
      name: t.arg.string(nameArg),
    },
    resolve: (_root, input, { services }) => services.workloads.drift(input),
  }),
}))

builder.mutationFields((t) => ({
  settleDrift: t.field({
    type: OperationType,
    description:
      'Puts back what somebody changed or deleted in the cluster, or takes it over into the files: what was deleted is then left out.',
    args: {
      instance: t.arg.string(instanceArg),
      kind: t.arg({ type: KindType, ...kindArg }),
      name: t.arg.string(nameArg),
      adopt: t.arg.boolean({ description: 'Take it over instead of putting it back.' }),
      objects: t.arg.stringList({
        description: 'Only these objects, as the list of changes names them; without it all that differ.',
      }),
    },
    resolve: (_root, { adopt, objects, ...input }, { services, via }) =>
      services.workloads.settle({ ...input, adopt: adopt ?? undefined, objects: objects ?? undefined }, via),
  }),
}))

builder.subscriptionFields((t) => ({
  workload: t.field({
    type: WorkloadType,
    description: 'What the cluster knows of a service or app, now and after each change.',
    args: {
      instance: t.arg.string(instanceArg),
      kind: t.arg({ type: KindType, ...kindArg }),
      name: t.arg.string(nameArg),
    },
    subscribe: (_root, input, { services }) => services.workloads.watch(input),
    resolve: (details) => details,
  }),
  workloadLog: t.field({
    type: LineType,
    description: 'The last lines its pods printed, then those they print from now on.',
    args: {
      instance: t.arg.string(instanceArg),
      kind: t.arg({ type: KindType, ...kindArg }),
      name: t.arg.string(nameArg),
      tail: t.arg.int(tailArg),
    },
    subscribe: (_root, { tail, ...input }, { services }) => services.workloads.followLogs(input, tail ?? 100),
    resolve: (line) => line,
  }),
  workloadEvents: t.field({
    type: EventType,
    description: 'What the cluster tells about it, then what it tells from now on.',
    args: {
      instance: t.arg.string(instanceArg),
      kind: t.arg({ type: KindType, ...kindArg }),
      name: t.arg.string(nameArg),
    },
    subscribe: (_root, input, { services }) => services.workloads.followEvents(input),
    resolve: (event) => event,
  }),
}))
