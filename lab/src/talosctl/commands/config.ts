import { X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { stringify } from 'yaml'
import { fromBase64 } from '../../pki/pem.ts'
import { columns } from '../columns.ts'
import { type Context, ToolError } from '../command.ts'
import { contextOf, readTalosconfig, type TalosContext, talosconfigPath, writeTalosconfig } from '../talosconfig.ts'

const MOST_NODES = 3

/** The `talosctl config …` commands. */
export const configCommands = { endpoint, node, context: useContext, contexts, info, merge, remove }

const open = (context: Context) => readTalosconfig(talosconfigPath(context))

async function endpoint(context: Context): Promise<void> {
  const config = open(context)
  contextOf(config, context.flag('context')).endpoints = context.args
  writeTalosconfig(config)
}

async function node(context: Context): Promise<void> {
  const config = open(context)
  contextOf(config, context.flag('context')).nodes = context.args
  writeTalosconfig(config)
}

async function useContext(context: Context): Promise<void> {
  const config = open(context)
  const [name] = context.args as [string]
  contextOf(config, name)
  writeTalosconfig({ ...config, context: name })
}

async function contexts(context: Context): Promise<void> {
  const config = open(context)
  const short = (list: string[] = []): string =>
    list.length > MOST_NODES ? `${list.slice(0, MOST_NODES).join(',')}...` : list.join(',')
  const rows = Object.entries(config.contexts)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, one]) => [name === config.context ? '*' : '', name, (one.endpoints ?? []).join(','), short(one.nodes)])
  context.out(columns([['CURRENT', 'NAME', 'ENDPOINTS', 'NODES'], ...rows]))
}

async function merge(context: Context): Promise<void> {
  const config = open(context)
  const [from] = context.args as [string]
  const known = existsSync(from)
  const other = readTalosconfig(from)
  let current = other.context
  for (const [name, entry] of Object.entries(other.contexts)) {
    const free = freeName(name, config.contexts)
    if (free !== name) context.err(`renamed talosconfig context "${name}" -> "${free}"\n`)
    if (name === other.context) current = free
    config.contexts[free] = entry
  }
  writeTalosconfig({ ...config, context: known && current !== '' ? current : config.context })
}

function freeName(name: string, taken: Record<string, TalosContext>): string {
  if (!(name in taken)) return name
  let number = 1
  while (`${name}-${number}` in taken) number += 1
  return `${name}-${number}`
}

async function remove(context: Context): Promise<void> {
  const config = open(context)
  const [pattern] = context.args as [string]
  const matcher = new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  )
  const gone = Object.keys(config.contexts).filter((name) => matcher.test(name))
  if (gone.length === 0) throw new ToolError(`no contexts matched the pattern "${pattern}"`)
  if (gone.includes(config.context))
    throw new ToolError(
      `skipping removal of current context "${config.context}", please change it to another before removing`,
    )
  if (context.on('dry-run')) return
  if (!context.on('noconfirm')) throw new ToolError('removal was not confirmed')
  for (const name of gone) delete config.contexts[name]
  writeTalosconfig(config)
}

async function info(context: Context): Promise<void> {
  const config = open(context)
  const name = context.flag('context') || config.context
  const entry = contextOf(config, name)
  const certificate = new X509Certificate(fromBase64(entry.crt ?? ''))
  const ends = new Date(certificate.validTo)
  const facts = {
    context: name,
    nodes: entry.nodes ?? null,
    endpoints: entry.endpoints ?? [],
    roles: certificate.subject.split('\n').flatMap((line) => (line.startsWith('O=') ? [line.slice(2)] : [])),
    certTTL: timeLeft(ends),
    certNotAfter: ends.toISOString().slice(0, 10),
  }
  const output = context.flag('output')
  if (output === 'json') return context.out(`${JSON.stringify(facts, null, 2)}\n`)
  if (output === 'yaml') return context.out(stringify(facts, { indent: 4 }))
  if (output !== 'text') throw new ToolError(`unknown output format: "${output}"`)
  const list = (items: string[] | null): string => (items && items.length > 0 ? items.join(', ') : 'not defined')
  context.out(
    `Current context:     ${facts.context}\nNodes:               ${list(facts.nodes)}\nEndpoints:           ${list(facts.endpoints)}\nRoles:               ${list(facts.roles)}\nCertificate expires: ${facts.certTTL} (${facts.certNotAfter})\n`,
  )
}

const DAY = 86_400_000

function timeLeft(ends: Date): string {
  const days = Math.round((ends.getTime() - Date.now()) / DAY)
  if (days >= 365) return `${Math.floor(days / 365)} year${days >= 730 ? 's' : ''} from now`
  if (days >= 30) return `${Math.floor(days / 30)} month${days >= 60 ? 's' : ''} from now`
  return days >= 0 ? `${days} days from now` : `${-days} days ago`
}
