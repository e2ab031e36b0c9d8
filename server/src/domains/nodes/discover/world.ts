import type { NodesDeps } from '../deps.ts'
import type { Sightings } from '../feeds.ts'
import type { NodeStore } from '../store.ts'
import type { Subnet } from '../subnet.ts'

/** What the steps of one discovery share. */
export interface DiscoveryWorld {
  instance: string
  /** Seconds. */
  timeout: number
  deps: NodesDeps
  store: NodeStore
  /** Told of each machine as it is read. */
  sightings: Sightings
  range: Subnet
  startedAt: string
  /** Addresses whose port 50000 is open, filled by the scan. */
  open: string[]
}
