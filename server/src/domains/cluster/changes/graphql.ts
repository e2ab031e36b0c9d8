import { builder } from '../../../platform/schema-builder.ts'
import { OperationType } from '../../operations/index.ts'
import type { ClusterChanges } from './service.ts'
import type { EtcdSnapshot } from './snapshots/model.ts'

declare module '../../../platform/schema-builder.ts' {
  interface Services {
    clusterChanges: ClusterChanges
  }
}

const EtcdSnapshotType = builder.objectRef<EtcdSnapshot>('EtcdSnapshot').implement({
  description: 'What etcd held at one moment: every object of the cluster, its secrets included.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    file: t.exposeString('file', { description: 'Where it lies.' }),
    takenAt: t.expose('takenAt', { type: 'DateTime', description: 'When it was made.' }),
    size: t.expose('size', { type: 'Bytes', description: 'Bytes of the file.' }),
    automatic: t.exposeBoolean('automatic', { description: 'Made without a name of its own; old ones are removed.' }),
    whole: t.exposeBoolean('whole', { description: 'False when its writing was cut off.' }),
    copied: t.boolean({
      description:
        'Copied off the disk of a control plane whose etcd had no majority: the last moments may be missing.',
      resolve: ({ sha256 }) => sha256 !== undefined,
    }),
    node: t.string({ nullable: true, description: 'The control plane that was asked.', resolve: ({ node }) => node }),
    revision: t.int({ nullable: true, description: 'Revision of etcd.', resolve: ({ revision }) => revision }),
    keys: t.int({ nullable: true, description: 'How many keys it holds.', resolve: ({ keys }) => keys }),
    kubernetesVersion: t.string({
      nullable: true,
      description: 'Kubernetes at that time.',
      resolve: ({ kubernetesVersion }) => kubernetesVersion,
    }),
    talosVersion: t.string({
      nullable: true,
      description: 'Talos at that time.',
      resolve: ({ talosVersion }) => talosVersion,
    }),
  }),
})

const instanceArg = { required: true, description: 'Name of the instance.' } as const
const nodeArg = { required: true, description: 'Name of the node.' } as const
const oneArg = { description: 'This node alone; all of them when left out.' } as const
const confirmArg = { description: 'True: what is lost is meant to be lost.' } as const

builder.queryField('etcdSnapshots', (t) =>
  t.field({
    type: [EtcdSnapshotType],
    description: 'Snapshots of etcd, newest first.',
    args: { instance: t.arg.string(instanceArg) },
    resolve: (_root, { instance }, { services }) => services.clusterChanges.snapshots(instance),
  }),
)

builder.mutationFields((t) => ({
  saveEtcdSnapshot: t.field({
    type: OperationType,
    description: 'Saves what etcd holds to a file. Under a name that is there already nothing is done.',
    args: {
      instance: t.arg.string(instanceArg),
      name: t.arg.string({ description: 'Its name; that of the time when left out, and then old ones are removed.' }),
    },
    resolve: (_root, args, { services, via }) => services.clusterChanges.saveSnapshot(args, via),
  }),
  deleteEtcdSnapshot: t.boolean({
    description: 'Removes a snapshot for good.',
    args: {
      instance: t.arg.string(instanceArg),
      snapshot: t.arg.string({ required: true, description: 'Its name.' }),
    },
    resolve: (_root, { instance, snapshot }, { services }) =>
      services.clusterChanges.deleteSnapshot(instance, snapshot),
  }),
  restoreEtcdSnapshot: t.field({
    type: OperationType,
    description: 'Puts etcd back to a snapshot. What changed in the cluster since then is lost.',
    args: {
      instance: t.arg.string(instanceArg),
      snapshot: t.arg.string({ required: true, description: 'Its name.' }),
      confirm: t.arg.boolean(confirmArg),
      skipOffline: t.arg.boolean({
        description: 'Leave out control planes that do not answer; they must be reset before they come back.',
      }),
    },
    resolve: (_root, args, { services, via }) => services.clusterChanges.restoreSnapshot(args, via),
  }),
  resetCluster: t.field({
    type: OperationType,
    description:
      'Wipes every machine of the cluster. Its keys and a snapshot of etcd are saved first; settings stay, so that it can be built again.',
    args: {
      instance: t.arg.string(instanceArg),
      confirm: t.arg.boolean(confirmArg),
      graceful: t.arg.boolean({ description: 'One machine after the other, each ending its pods and leaving etcd.' }),
      skipOffline: t.arg.boolean({ description: 'Leave out machines that do not answer.' }),
    },
    resolve: (_root, args, { services, via }) => services.clusterChanges.reset(args, via),
  }),
  resetNode: t.field({
    type: OperationType,
    description: 'Wipes the configuration and data of one node. What is written down stays: it can be set up again.',
    args: {
      instance: t.arg.string(instanceArg),
      node: t.arg.string(nodeArg),
      confirm: t.arg.boolean(confirmArg),
      graceful: t.arg.boolean({
        description: 'False: do not move its pods, and let another control plane take it out of etcd. Default true.',
      }),
    },
    resolve: (_root, args, { services, via }) => services.clusterChanges.resetNode(args, via),
  }),
  upgradeTalos: t.field({
    type: OperationType,
    description:
      'Brings Talos of every node to a version: one node at a time, workers first, each when the rest is well, over the minor versions between. A snapshot of etcd is saved first.',
    args: {
      instance: t.arg.string(instanceArg),
      version: t.arg.string({ required: true, description: 'Talos version, such as v1.12.4.' }),
    },
    resolve: (_root, args, { services, via }) => services.clusterChanges.upgradeTalos(args, via),
  }),
  upgradeKubernetes: t.field({
    type: OperationType,
    description:
      'Brings Kubernetes to a version, over the minor versions between. A snapshot of etcd is saved first. Its plan holds what talosctl would do.',
    args: {
      instance: t.arg.string(instanceArg),
      version: t.arg.string({ required: true, description: 'Kubernetes version, such as v1.34.1.' }),
    },
    resolve: (_root, args, { services, via }) => services.clusterChanges.upgradeKubernetes(args, via),
  }),
  rollBackNode: t.field({
    type: OperationType,
    description:
      'Restarts a node into the Talos it ran before its last upgrade, which is still in its other boot slot.',
    args: {
      instance: t.arg.string(instanceArg),
      node: t.arg.string(nodeArg),
      force: t.arg.boolean({ description: 'Also when the rest of the cluster is not well.' }),
    },
    resolve: (_root, args, { services, via }) => services.clusterChanges.rollBack(args, via),
  }),
  applyConfiguration: t.field({
    type: OperationType,
    description:
      'Hands the nodes the machine configuration that config.yaml asks for now, one at a time. Its plan holds the difference and whether a node restarts.',
    args: { instance: t.arg.string(instanceArg), node: t.arg.string(oneArg) },
    resolve: (_root, args, { services, via }) => services.clusterChanges.apply(args, via),
  }),
  rebootNodes: t.field({
    type: OperationType,
    description: 'Restarts the nodes one after the other, each when the rest is well.',
    args: { instance: t.arg.string(instanceArg), node: t.arg.string(oneArg) },
    resolve: (_root, args, { services, via }) => services.clusterChanges.reboot(args, via),
  }),
  shutDownNodes: t.field({
    type: OperationType,
    description: 'Switches the nodes off, workers first. Only a hand switches them on again.',
    args: {
      instance: t.arg.string(instanceArg),
      node: t.arg.string(oneArg),
      confirm: t.arg.boolean({ description: 'True: needed when no node is named.' }),
    },
    resolve: (_root, args, { services, via }) => services.clusterChanges.shutDown(args, via),
  }),
}))
