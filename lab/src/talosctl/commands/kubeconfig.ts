import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse, stringify } from 'yaml'
import { type Context, ToolError } from '../command.ts'
import { writeWithMode } from '../files.ts'
import { onlyNode } from '../machine-api.ts'

interface Named {
  name: string
  [part: string]: unknown
}

interface Kubeconfig {
  clusters?: Named[]
  users?: Named[]
  contexts?: (Named & { context: { cluster: string; user: string } })[]
  'current-context'?: string
}

/** `talosctl kubeconfig [PATH]`: fetches an administrator's kubeconfig and writes or merges it, mode 0600. */
export async function run(context: Context): Promise<void> {
  const target = targetOf(context)
  const merging = context.on('merge') && target !== '-' && existsSync(target)
  if (target === '-' && context.on('merge')) throw new ToolError('`-` can only be used with --merge=false')
  if (!merging && target !== '-' && existsSync(target) && !context.on('force')) {
    throw new ToolError(`kubeconfig file already exists, use --force to overwrite: "${target}"`)
  }
  const fetched = (await onlyNode(context, 'kubeconfig')
    .call('kubeconfig')
    .catch((error: unknown) => {
      throw new ToolError(`error fetching kubeconfig: ${(error as Error).message}`)
    })) as string
  const named = withContextName(fetched, context.flag('force-context-name'))
  if (target === '-') return context.out(named)
  mkdirSync(dirname(target), { recursive: true })
  const text = merging ? merged(readFileSync(target, 'utf8'), named, context.on('force')) : named
  writeWithMode(target, text, 0o600)
}

function targetOf({ args, env }: Context): string {
  const path = args[0] ?? (env.KUBECONFIG || join(env.HOME ?? homedir(), '.kube', 'config'))
  return path !== '-' && existsSync(path) && statSync(path).isDirectory() ? join(path, 'kubeconfig') : path
}

function withContextName(text: string, name: string): string {
  if (name === '') return text
  const config = parse(text) as Kubeconfig
  config.contexts![0]!.name = name
  config['current-context'] = name
  return stringify(config, { lineWidth: 0 })
}

/** Adds the entries of `addition`; names already taken are renamed, or replaced with `force`. */
function merged(present: string, addition: string, force: boolean): string {
  const config = (parse(present) ?? { apiVersion: 'v1', kind: 'Config' }) as Kubeconfig
  const added = parse(addition) as Required<Kubeconfig>
  const place = (list: Named[] = [], entry: Named): { list: Named[]; name: string } => {
    const others = force ? list.filter((one) => one.name !== entry.name) : list
    const name = freeName(entry.name, others)
    return { list: [...others, { ...entry, name }], name }
  }
  const cluster = place(config.clusters, added.clusters[0]!)
  const user = place(config.users, added.users[0]!)
  const first = added.contexts[0]!
  const entry = place(config.contexts, {
    ...first,
    context: { ...first.context, cluster: cluster.name, user: user.name },
  })
  return stringify(
    { ...config, clusters: cluster.list, users: user.list, contexts: entry.list, 'current-context': entry.name },
    { lineWidth: 0 },
  )
}

function freeName(name: string, taken: Named[]): string {
  const isTaken = (wanted: string): boolean => taken.some((one) => one.name === wanted)
  if (!isTaken(name)) return name
  let number = 1
  while (isTaken(`${name}-${number}`)) number += 1
  return `${name}-${number}`
}
