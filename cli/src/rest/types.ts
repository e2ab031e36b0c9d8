/** Shapes of the daemon's answers as far as the CLI reads them; every field it can do without is optional. */
export interface Instance {
  name: string
  description?: string
  status: string
  node_count?: number
  service_count?: number
  app_count?: number
  /** Config keys that still need a value. */
  missing?: string[]
  created_at?: string
  config_path?: string
}

export interface Disk {
  path: string
  size?: number
  model?: string
  serial?: string
  /** What is on it, in words; empty for a blank disk. */
  holds?: string
  /** Why Talos is not installed on it. */
  unsuitable?: string | null
}

export interface NetworkInterface {
  name: string
  mac?: string
  addresses?: string[]
  up?: boolean
  /** Mbit/s. */
  speed?: number | null
  default_route?: boolean
}

/** Something else than a machine that has the Talos port open. */
export interface OtherHost {
  ip: string
  reason: string
}

export interface Machine {
  mac: string
  ip?: string
  hostname?: string
  interface?: string
  /** Why this interface. */
  interface_reason?: string | null
  interfaces?: NetworkInterface[]
  /** maintenance, ours or stranger. */
  state?: string
  serial?: string | null
  uuid?: string | null
  /** What is wrong with it here. */
  problem?: string | null
  selected_disk_reason?: string
  maintenance_mode?: boolean
  version?: string
  manufacturer?: string
  product?: string
  disks?: Disk[]
  selected_disk?: string
  instance?: string | null
  node?: string | null
}

export interface ClusterNode {
  name: string
  role?: string
  status?: string
  /** Why it is not ready. */
  reason?: string
  ip?: string
  target_ip?: string
  mac?: string
  interface?: string
  disk?: string
  version?: string
  schematic_id?: string
}

export interface Assignment {
  /** What to know about the choice, such as an even number of control planes. */
  warning?: string
  node: string
  role: string
  mac: string
  current_ip?: string
  target_ip?: string
  interface?: string
  disk?: string
  reason?: string
  existing?: boolean
}

/** A setting as a manifest declares it. */
export interface ManifestSetting {
  name: string
  type: string
  title: string
  prompt?: string | null
  help?: string | null
  default?: unknown
  value?: unknown
}

export interface Service {
  name: string
  description?: string
  status?: string
  version?: string
  /** Another version in the catalog. */
  new_version?: string | null
  namespace?: string
  pods?: number
  healthy_pods?: number
  /** Why it does not run as it should. */
  trouble?: string | null
  dependencies?: string[]
  /** More words on what it is for, what it asks for, and what needs it: only where one service is asked for. */
  about?: string | null
  settings?: ManifestSetting[]
  secrets?: { path: string; kind: string; optional: boolean; description?: string | null; is_set: boolean }[]
  dependent_list?: { name: string }[]
  core?: boolean
  /** What it cannot be installed without and nobody gave. Absent in answers of old daemons. */
  missing_settings?: string[]
  missing_secrets?: string[]
}

export interface CatalogApp {
  name: string
  description?: string
  version?: string
  category?: string
  dependencies?: string[]
  default_config?: unknown
  required_secrets?: string[]
  settings?: { name: string; title: string; help?: string | null; choices?: string[] | null }[]
}

/** What adding an app would set and need. */
export interface Proposal {
  values: unknown
  /** Apps it needs that are not there yet. */
  alongside: string[]
  missing_secrets: string[]
  /** Paths in config.yaml. */
  missing_settings?: string[]
  made_secrets?: string[]
  cores: number
  memory_bytes: number
  storage_bytes: number
}

export interface App {
  name: string
  status?: string
  version?: string
  /** Another version in the catalog. */
  new_version?: string | null
  namespace?: string
  url?: string
  trouble?: string | null
}

export interface Pod {
  name: string
  status?: string
  ready?: boolean
  restarts?: number
}

export interface WorkloadStatus {
  name: string
  status?: string
  url?: string
  version?: string
  /** Another version in the catalog. */
  new_version?: string | null
  trouble?: string | null
  pods?: Pod[]
  dependencies?: { name: string; status?: string }[]
  /** Of an app. */
  last_backup?: { id?: string | null; created_at?: string | null; problem?: string | null }
}

export interface Step {
  id: string
  /** The step it belongs to; parents come before their children. */
  parent?: string | null
  title: string
  state: string
  progress?: number
  message?: string | null
  /** Which try it is, from 1. */
  attempt?: number
  started_at?: string | null
  ended_at?: string | null
}

export interface OperationError {
  code?: string
  message?: string
  details?: Record<string, unknown>
}

/** What happened to an operation, what state things are in, what to do next. */
export interface Account {
  happened: string
  step?: Step | null
  command?: string | null
  output: string[]
  state: string[]
  next: string[]
  retry?: string | null
}

export interface PlannedStep {
  id: string
  parent?: string | null
  title: string
  /** `done`, `would_run` or `would_fail`. */
  state: string
  reason?: string | null
  changes: { kind: string; text: string; diff?: string | null }[]
}

/** What an operation would do. */
export interface Plan {
  type: string
  title: string
  instance?: string | null
  usual_ms?: number | null
  nothing_to_do: boolean
  steps: PlannedStep[]
}

export interface Operation {
  operation_id: string
  type?: string
  title?: string
  /** How long operations of its type usually take, ms. */
  usual_ms?: number | null
  account?: Account
  instance?: string | null
  target?: string | null
  status: string
  progress?: number
  message?: string | null
  started_at?: string | null
  completed_at?: string | null
  steps?: Step[]
  result?: Record<string, unknown> | null
  error?: OperationError | null
  warnings?: string[]
  logs?: string[]
}

/** The body of a 202 answer. */
export interface Started {
  operation_id: string
  status?: string
  message?: string
}
