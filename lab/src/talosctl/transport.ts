/** One call to one node, as the command line and the talosconfig say it. */
export interface NodeCall {
  command: string
  params: Record<string, unknown>
  /** Absent with --insecure. */
  node?: string
  endpoints: string[]
  insecure: boolean
  /** PEM of the talosconfig. */
  ca?: string
  crt?: string
  key?: string
}

/** Its result, or the words in which the real client reports a failure. */
export type NodeAnswer = { result: unknown } | { error: string }

/** How calls get to machines. */
export type Transport = (env: NodeJS.ProcessEnv, call: NodeCall) => Promise<NodeAnswer>
