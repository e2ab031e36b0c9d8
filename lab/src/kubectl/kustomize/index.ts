export { build, buildObjects } from './build.ts'
export { KustomizeError } from './resource.ts'
