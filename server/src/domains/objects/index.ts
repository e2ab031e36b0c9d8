export { type ApplySet, applyStep } from './apply.ts'
export { builtOnce } from './built-once.ts'
export { certificateStep, wildcardCopies } from './certificates.ts'
export { clusterTrouble } from './cluster-trouble.ts'
export { liveDifferences, plannedObjects } from './differences.ts'
export { judge, type Live, podsOf, type RunStatus, readLive, runStatuses } from './live.ts'
export { checkReady, keyOf, lookup, parseManifests, probeOf, stateOf, withHash, workloads } from './model.ts'
export { claimsIn, claimText, ownedIn } from './owned.ts'
export { plannedFiles } from './planned-files.ts'
export { type Pod, troubledPods } from './pods.ts'
export { removeStep } from './remove.ts'
export {
  compareRendered,
  filesBelow,
  type RenderPlan,
  type RenderReport,
  renderFile,
  renderFolder,
  writeRendered,
} from './rendered-folder.ts'
export { secretCopy, valuesOf } from './secret-copy.ts'
export { type SetAside, setAsideStep } from './set-aside.ts'
export { workOn } from './work-on.ts'
