import type { Readable, Writable } from 'node:stream'
import type { RunTool, ToolCall } from '../platform/run-tool.ts'
import type { KubectlOptions } from './kubectl.ts'

/** A command in a container. */
export interface ExecCall {
  pod: string
  namespace: string
  container: string
  command: string[]
  /** Standard input. */
  from?: Readable
  /** Short standard input, instead of `from`. */
  input?: string
  /** Takes standard output instead of returning it. */
  into?: Writable
  /** Default one minute; a day where something streams. */
  timeoutMs?: number
}

/** The parts of kubectl that carry data in and out of a cluster. */
export interface KubectlStreams {
  /** Runs a command in a container and answers what it printed. */
  exec(call: ExecCall): Promise<string>
  /** Prints all objects of kinds (separated by commas), in all namespaces, as JSON. */
  print(kinds: string, into: Writable): Promise<void>
  /** Changes fields of one object (a merge patch). */
  patch(kind: string, name: string, namespace: string | undefined, change: object): Promise<void>
}

const dayMs = 24 * 3_600_000

/** An adapter for one cluster. `exec` gets no `--request-timeout`: it would end a stream in the middle. */
export function createKubectlStreams(run: RunTool, { kubeconfig, home }: KubectlOptions): KubectlStreams {
  const call = (args: string[], rest: Partial<ToolCall>) =>
    run({
      tool: 'kubectl',
      args: ['--kubeconfig', kubeconfig, ...args],
      env: { HOME: home, KUBECONFIG: kubeconfig },
      captureOnly: true,
      ...rest,
    })
  return {
    async exec({ pod, namespace, container, command, from, input, into, timeoutMs }) {
      const streams = from !== undefined || into !== undefined
      const stdin = from !== undefined || input !== undefined ? ['-i'] : []
      const { stdout } = await call(['exec', ...stdin, pod, '-n', namespace, '-c', container, '--', ...command], {
        from,
        input,
        into,
        timeoutMs: timeoutMs ?? (streams ? dayMs : 60_000),
      })
      return stdout
    },
    async print(kinds, into) {
      await call(['get', kinds, '-A', '-o', 'json'], { into, timeoutMs: 3_600_000 })
    },
    async patch(kind, name, namespace, change) {
      const where = namespace === undefined ? [] : ['-n', namespace]
      await call(
        ['--request-timeout=15s', 'patch', kind, name, ...where, '--type=merge', '-p', JSON.stringify(change)],
        {},
      )
    },
  }
}
