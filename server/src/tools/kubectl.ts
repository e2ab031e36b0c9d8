import { z } from 'zod'
import { saidBy, WildError } from '../platform/errors.ts'
import type { RunTool, ToolCall, ToolResult } from '../platform/run-tool.ts'
import { explained } from './kubectl-failures.ts'
import { namingStrangers, readOutput } from './strange-tool.ts'

/** Any Kubernetes object, as loosely as the API itself types it. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: {
    name: string
    namespace?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
    [field: string]: unknown
  }
  // biome-ignore lint/suspicious/noExplicitAny: objects of any kind
  [field: string]: any
}

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
})
const listSchema = z.looseObject({
  kind: z.string().endsWith('List').or(z.literal('List')),
  items: z.array(objectSchema),
})
const versionSchema = z.looseObject({
  clientVersion: z.looseObject({ gitVersion: z.string() }).optional(),
  serverVersion: z.looseObject({ gitVersion: z.string() }).optional(),
})

const tokenSchema = z.looseObject({ status: z.looseObject({ token: z.string(), expirationTimestamp: z.string() }) })

export interface KubectlOptions {
  kubeconfig: string
  /** HOME of the tool: its discovery cache must not be shared between clusters. */
  home: string
}

export interface GetOptions {
  name?: string
  namespace?: string
  allNamespaces?: boolean
  /** Label selector: `app=ghost`. */
  selector?: string
  /** A read repeated while waiting is logged once. */
  repeated?: boolean
}

/** kubectl, one method per command the daemon uses; arguments are visible here and nowhere else. */
export interface Kubectl {
  /** Throws CLUSTER_UNREACHABLE unless the API server says it is ready. */
  readyz(): Promise<void>
  version(): Promise<{ client?: string; server?: string }>
  /** Objects of a kind; one that is not there is an empty list. */
  get(kind: string, options?: GetOptions): Promise<KubeObject[]>
  /** The live counterparts of these objects, those that exist. Kinds the cluster does not know yet count as absent. */
  getLive(objects: KubeObject[], options?: { repeated?: boolean }): Promise<KubeObject[]>
  /** Builds a kustomization; local, needs no cluster. */
  kustomize(folder: string): Promise<string>
  /** Server-side apply of a set of objects, by standard input. */
  apply(objects: KubeObject[]): Promise<void>
  /** What applying these objects would change, as the `diff` program prints it; empty when nothing would. Changes nothing. */
  diff(objects: KubeObject[]): Promise<string>
  /** Deletes one object and waits until it is gone; one that is not there is fine. */
  delete(kind: string, name: string, namespace?: string): Promise<void>
  /** Deletes these objects and waits, at most `seconds`, until they are gone; those that are not there are fine. */
  deleteAll(objects: KubeObject[], seconds: number): Promise<void>
  /** Keeps new pods off a node. */
  cordon(node: string): Promise<void>
  /** Moves the pods of a node to others and waits until they are gone, at most `seconds`. Pods of daemon sets stay. */
  drain(node: string, seconds: number): Promise<void>
  /** A token of a service account for so many seconds. It is on standard output alone, which is not logged. */
  token(account: string, namespace: string, seconds: number): Promise<{ token: string; expiresAt: string }>
  /** What the API server answers at a path, as JSON. */
  raw<T>(path: string): Promise<T>
  /** The last lines of a pod's containers, each as `[pod/NAME/CONTAINER] TIME TEXT`. */
  prefixedLogs(pod: string, namespace: string, tail: number): Promise<string>
  /** The same, and what they print from now on; ends with the pod or with the runner's signal. A runner that hears lines gets them. */
  followLogs(pod: string, namespace: string, tail: number): Promise<void>
  /** The last lines a pod's containers printed. */
  logs(pod: string, namespace: string, tail: number): Promise<string>
}

const applyTimeoutMs = 120_000
const followMs = 24 * 3_600_000
const unknownKind = /no matches for kind|doesn't have a resource type|resource mapping not found/i

/** An adapter for one cluster. */
export function createKubectl(plainRun: RunTool, { kubeconfig, home }: KubectlOptions): Kubectl {
  const run = namingStrangers(plainRun, 'kubectl')
  const objectsIn = (stdout: string) => readOutput(plainRun, 'kubectl', () => parseObjects(stdout))

  async function call(args: string[], rest: Partial<ToolCall> = {}): Promise<ToolResult> {
    try {
      return await run({
        tool: 'kubectl',
        args: ['--kubeconfig', kubeconfig, '--request-timeout=15s', ...args],
        env: { HOME: home, KUBECONFIG: kubeconfig },
        captureOnly: true,
        ...rest,
      })
    } catch (error) {
      throw explained(error)
    }
  }

  async function get(kind: string, options: GetOptions = {}): Promise<KubeObject[]> {
    const args = ['get', kind]
    if (options.name) args.push(options.name)
    if (options.allNamespaces) args.push('-A')
    else if (options.namespace) args.push('-n', options.namespace)
    if (options.selector) args.push('-l', options.selector)
    const { stdout } = await call([...args, '-o', 'json', '--ignore-not-found'], { repeated: options.repeated })
    return objectsIn(stdout)
  }

  async function readLive(objects: KubeObject[], { repeated }: { repeated?: boolean }): Promise<KubeObject[]> {
    const args = ['get', '-f', '-', '-o', 'json', '--ignore-not-found']
    const { stdout } = await call(args, { input: manifests(objects), repeated })
    return objectsIn(stdout)
  }

  return {
    async readyz() {
      await call(['get', '--raw', '/readyz'])
    },
    async version() {
      const { stdout } = await call(['version', '-o', 'json'], { okExits: [0, 1] })
      const parsed = versionSchema.safeParse(parseJson(stdout))
      return parsed.success
        ? { client: parsed.data.clientVersion?.gitVersion, server: parsed.data.serverVersion?.gitVersion }
        : {}
    },
    get,
    async getLive(objects, options = {}) {
      if (objects.length === 0) return []
      try {
        return await readLive(objects, options)
      } catch (error) {
        if (!unknownKind.test(saidBy(error))) throw error
        return oneByOne(objects, options)
      }
    },
    async kustomize(folder) {
      const { stdout } = await call(['kustomize', folder])
      return stdout
    },
    async apply(objects) {
      if (objects.length === 0) return
      const args = ['apply', '--server-side', '--field-manager=wild-central', '--force-conflicts', '-f', '-']
      await call(args, { input: manifests(objects), captureOnly: false, timeoutMs: applyTimeoutMs })
    },
    async diff(objects) {
      if (objects.length === 0) return ''
      const args = ['diff', '--server-side', '--field-manager=wild-central', '--force-conflicts', '-f', '-']
      // 1 says that there are differences; 2 and more are failures.
      const { stdout } = await call(args, { input: manifests(objects), okExits: [0, 1], timeoutMs: 60_000 })
      return stdout
    },
    async delete(kind, name, namespace) {
      const where = namespace === undefined ? [] : ['-n', namespace]
      const args = ['delete', kind, name, ...where, '--ignore-not-found', '--wait=true', '--timeout=60s']
      await call(args, { captureOnly: false, timeoutMs: 90_000 })
    },
    async deleteAll(objects, seconds) {
      if (objects.length === 0) return
      const args = ['delete', '-f', '-', '--ignore-not-found', '--wait=true', `--timeout=${seconds}s`]
      const input = manifests(objects.map(nameOnly))
      await call(args, { input, captureOnly: false, timeoutMs: (seconds + 30) * 1_000 })
    },
    async cordon(node) {
      await call(['cordon', node], { captureOnly: false, timeoutMs: 30_000 })
    },
    async drain(node, seconds) {
      const what = ['--ignore-daemonsets', '--delete-emptydir-data', '--force', `--timeout=${seconds}s`]
      await call(['drain', node, ...what], { captureOnly: false, timeoutMs: (seconds + 30) * 1_000 })
    },
    async token(account, namespace, seconds) {
      const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`
      const asked = {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: { expirationSeconds: seconds },
      }
      const { stdout } = await call(['create', '--raw', path, '-f', '-'], { input: JSON.stringify(asked) })
      const answer = tokenSchema.safeParse(parseJson(stdout))
      if (!answer.success)
        throw new WildError('TOOL_FAILED', 'kubectl printed no token.', { tool: 'kubectl', account, namespace })
      return { token: answer.data.status.token, expiresAt: answer.data.status.expirationTimestamp }
    },
    async raw<T>(path: string) {
      const { stdout } = await call(['get', '--raw', path], { timeoutMs: 10_000 })
      return JSON.parse(stdout) as T
    },
    async prefixedLogs(pod, namespace, tail) {
      const how = ['--all-containers', '--prefix', '--timestamps', `--tail=${tail}`]
      const { stdout } = await call(['logs', pod, '-n', namespace, ...how])
      return stdout
    },
    async followLogs(pod, namespace, tail) {
      const how = ['--all-containers', '--prefix', '--timestamps', `--tail=${tail}`, '--follow']
      // A time limit for requests would end it.
      const args = ['--request-timeout=0', 'logs', pod, '-n', namespace, ...how]
      await call(args, { timeoutMs: followMs, streamed: true })
    },
    async logs(pod, namespace, tail) {
      const { stdout } = await call(['logs', pod, '-n', namespace, `--tail=${tail}`, '--all-containers'])
      return stdout
    },
  }

  /** A kind that is not there yet spoils the answer for all: ask kind by kind. */
  async function oneByOne(objects: KubeObject[], options: { repeated?: boolean }): Promise<KubeObject[]> {
    const kinds = new Map<string, KubeObject[]>()
    for (const object of objects) {
      const key = `${object.apiVersion}/${object.kind}`
      kinds.set(key, [...(kinds.get(key) ?? []), object])
    }
    const found: KubeObject[] = []
    for (const group of kinds.values()) {
      try {
        found.push(...(await readLive(group, options)))
      } catch (error) {
        if (!unknownKind.test(saidBy(error))) throw error
      }
    }
    return found
  }
}

/**
 * Objects as a stream kubectl takes on standard input, a document each: a `List` would be checked by kubectl itself, with
 * what it knows, instead of strictly by the server.
 */
function manifests(objects: KubeObject[]): string {
  return objects.map((object) => `---\n${JSON.stringify(object)}\n`).join('')
}

/** As much of an object as is needed to name it: what is to be deleted carries no data. */
function nameOnly({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): KubeObject {
  return { apiVersion, kind, metadata: { name, ...(namespace ? { namespace } : {}) } }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What `get -o json` printed: nothing, one object, or a list. Throws TOOL_FAILED for anything else. */
export function parseObjects(stdout: string): KubeObject[] {
  if (stdout.trim() === '') return []
  const json = parseJson(stdout)
  const list = listSchema.safeParse(json)
  if (list.success) return list.data.items as KubeObject[]
  const one = objectSchema.safeParse(json)
  if (one.success) return [one.data as KubeObject]
  throw new WildError('TOOL_FAILED', 'kubectl printed something the daemon does not understand.', {
    tool: 'kubectl',
    output: stdout.slice(0, 500),
  })
}
