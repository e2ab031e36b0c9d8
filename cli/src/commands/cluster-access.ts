import { rename, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { act, addCommand, withPlan } from '../command.ts'
import { fileReason, usageError } from '../errors.ts'
import { startOperation } from '../operation/start.ts'
import { createMessages } from '../output/messages.ts'
import { formatTime } from '../output/units.ts'
import { route } from '../rest/route.ts'
import type { Session } from '../session.ts'
import { showFields } from '../show.ts'

type Kind = 'kubeconfig' | 'talosconfig'

interface FileOptions {
  out?: string
  file?: string
  context?: string
  regenerate?: boolean
}

/** Adds `wild-cli cluster kubeconfig|talosconfig|access|renew`. */
export function addClusterAccess(group: Command): void {
  addFile(group, 'kubeconfig', 'Print the kubeconfig of the cluster', 'KUBECONFIG')
  addFile(group, 'talosconfig', 'Print the talosconfig of the machines', 'TALOSCONFIG')
  addAccess(group)
  addRenew(group)
}

function addFile(group: Command, kind: Kind, about: string, variable: string): void {
  addCommand(group, kind, about, [
    `cluster ${kind} > home.${kind}`,
    `cluster ${kind} --out ~/home.${kind}`,
    `cluster ${kind} --regenerate`,
  ])
    .option('--out <file>', 'write it to a file that only you can read')
    .addOption(new Option('--file <file>', 'the same as --out').hideHelp())
    .option('--context <name>', 'what its context shall be called')
    .option('--regenerate', 'make it anew first, with a new certificate')
    .action(
      act<[], FileOptions>(async (session, _args, { out, file = out, context, regenerate }) => {
        const cluster = route`/instances/${await session.instance()}/cluster`
        if (regenerate) await renew(session, cluster, { only: kind, fresh: true }, !file)
        const query: Record<string, string> = context ? { context } : {}
        const text = await session.api.text(`${cluster}/${kind}`, query)
        if (!file && session.structured) return session.print((await import('yaml')).parse(text))
        if (!file) return void session.out.write(text)
        await writePrivately(resolve(file), text)
        const name = kind === 'kubeconfig' ? 'Kubeconfig' : 'Talosconfig'
        session.messages.success(`${name} written to ${file}. Use it: export ${variable}=${resolve(file)}`)
      }),
    )
}

interface Access {
  kubeconfig: { context: string; server: string; expires_at?: string | null } | null
  talosconfig: { context: string; endpoints: string[]; expires_at?: string | null } | null
}

function addAccess(group: Command): void {
  addCommand(group, 'access', 'Show what gives access to the cluster, and until when', ['cluster access']).action(
    act(async (session) => {
      const data = await session.api.get<Access>(route`/instances/${await session.instance()}/cluster/access`)
      const { kubeconfig: kube, talosconfig: talos } = data
      await showFields(session, data, {
        Kubernetes: kube ? `${kube.server} as ${kube.context}` : 'not bootstrapped yet',
        'Kubeconfig ends': formatTime(kube?.expires_at)?.slice(0, 10),
        Machines: talos ? `${talos.endpoints.join(', ') || 'none yet'} as ${talos.context}` : 'none set up yet',
        'Talosconfig ends': formatTime(talos?.expires_at)?.slice(0, 10),
      })
    }),
  )
}

function addRenew(group: Command): void {
  const command = addCommand(group, 'renew', 'Renew kubeconfig and talosconfig where they end within 30 days', [
    'cluster renew',
    'cluster renew --fresh',
  ])
  withPlan(command)
    .option('--fresh', 'also what is still valid')
    .action(
      act<[], { fresh?: boolean }>(async (session, _args, { fresh }) => {
        await renew(session, route`/instances/${await session.instance()}/cluster`, { fresh: fresh ?? false }, false)
      }),
    )
}

/** `quiet` where the file itself goes to standard output: nothing else may. */
async function renew(
  session: Session,
  cluster: string,
  body: { only?: Kind; fresh: boolean },
  quiet: boolean,
): Promise<void> {
  const request = { path: `${cluster}/access/renew`, body }
  const words = { success: `${body.only ?? 'Access'} renewed.` }
  await startOperation(quiet ? silent(session) : session, request, words)
}

function silent(session: Session): Session {
  const { err, paint } = session
  const messages = createMessages({ out: err, err, paint, quiet: true })
  return { ...session, out: err, messages, quiet: true, live: false, wait: true, structured: false }
}

/** Writes a file with mode 0600 in one move: it is never there half written or readable by others. */
async function writePrivately(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' })
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw usageError(`Cannot write ${file}: ${fileReason(error)}.`)
  }
}
