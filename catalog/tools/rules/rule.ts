import type { Finding } from '../problem.ts'
import type { World } from '../world.ts'

/** One thing every entry of the catalog must hold to. */
export interface Rule {
  name: string
  /** What it asks for and why, one line. */
  about: string
  check(world: World): Finding[]
}
