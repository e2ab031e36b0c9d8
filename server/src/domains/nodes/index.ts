export { talosEndpoints, writeTalosconfig } from './base-config.ts'
export { majorityOf } from './control-plane-count.ts'
export type { NodesDeps } from './deps.ts'
export { etcdIsEmpty, etcdState } from './etcd-state.ts'
export { type KubernetesNode, readKubernetesNodes } from './kubernetes-nodes.ts'
export { locate } from './locate.ts'
export { explainMachine } from './machine-failure.ts'
export { readMachine } from './machine-reader.ts'
export {
  applied,
  appliedControlPlanes,
  type Machine,
  type NodeRecord,
  nameOf,
} from './model.ts'
export { type NodeConfiguration, nodeConfiguration } from './node-configuration.ts'
export { departing, leaving } from './remove/departing.ts'
export { lookAtMachine } from './remove/look-at-machine.ts'
export { resetMachine } from './remove/reset-machine.ts'
export { type RemoveWorld, removeWorld } from './remove/world.ts'
export type { NodesService } from './service.ts'
export { createNodeStore, type NodeStore } from './store.ts'
export { talosPort, tcpOpen } from './tcp-probe.ts'
export { warnOfSkew } from './tool-skew.ts'
export { whoAnswers } from './who-answers.ts'
