export { type ApplySet, applyStep } from './apply.ts'
export { builtOnce } from './built-once.ts'
export { certificateStep } from './certificates.ts'
export { judge, type Live, podsOf, type RunStatus, readLive, runStatuses } from './live.ts'
export { keyOf, lookup, parseManifests, stateOf, withHash, workloads } from './model.ts'
export { plannedFiles } from './planned-files.ts'
export { type Pod, troubledPods } from './pods.ts'
export {
  compareRendered,
  filesBelow,
  type RenderPlan,
  type RenderReport,
  renderFile,
  renderFolder,
  writeRendered,
} from './rendered-folder.ts'
