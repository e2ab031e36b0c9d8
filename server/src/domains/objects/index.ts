export { type ApplySet, applyStep } from './apply.ts'
export { builtOnce } from './built-once.ts'
export { certificateStep, wildcardCopies } from './certificates.ts'
export { clusterTrouble } from './cluster-trouble.ts'
export { compareStep } from './compare.ts'
export { liveDifferences, plannedObjects } from './differences.ts'
export { type ClusterEvent, eventsIn, lastWarning } from './events.ts'
export { lackOfRoom, missingStorage, type Room, requested, takenHosts } from './fit.ts'
export { leftoverObjects, leftovers } from './leftovers.ts'
export { judge, type Live, podsOf, type RunStatus, readLive, runStatuses } from './live.ts'
export { checkReady, keyOf, lookup, parseManifests, probeOf, readiness, stateOf, withHash, workloads } from './model.ts'
export { claimsIn, claimText, ownedIn } from './owned.ts'
export { plannedFiles } from './planned-files.ts'
export { type Pod, troubledPods } from './pods.ts'
export { bytesText, coresText, quantity } from './quantity.ts'
export { removeStep } from './remove.ts'
export { filesBelow, renderFile, renderFolder } from './rendered-folder.ts'
export {
  type Comparison,
  compareRendered,
  type RenderPlan,
  type RenderReport,
  writeRendered,
} from './rendered-write.ts'
export { secretCopy, valuesOf } from './secret-copy.ts'
export { type SetAside, setAsideStep } from './set-aside.ts'
export { workOn } from './work-on.ts'
