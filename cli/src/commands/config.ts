import { isDeepStrictEqual } from 'node:util'
import type { Command } from 'commander'
import { act, addCommand, addGroup } from '../command.ts'
import { CliError, exitCodes } from '../errors.ts'
import { route } from '../rest/route.ts'
import { asYaml, type Session } from '../session.ts'
import { parseValue } from '../settings.ts'
import { showChange } from '../show.ts'

/** Adds `wild-cli config …`. */
export function addConfigCommands(program: Command): void {
  const group = addGroup(program, 'config', 'Read and change the config of an instance')
  addGet(group)
  addSet(group)
  addShow(group)
}

function addGet(group: Command): void {
  addCommand(group, 'get <key>', 'Print one value', [
    'config get cluster.name',
    `config get 'nodes."192.168.1.91".disk'`,
  ]).action(
    act<[string]>(async (session, [key]) => {
      const value = await readValue(session, key)
      if (session.structured) return session.print(value)
      session.out.write(typeof value === 'object' && value !== null ? await asYaml(value) : `${value}\n`)
    }),
  )
}

function addSet(group: Command): void {
  addCommand(group, 'set <key> <value>', 'Set one value; numbers, booleans and [lists] are read as YAML', [
    'config set cluster.name home',
    'config set cluster.nodeCount 5',
    'config set cloud.zip 01234 --string',
  ])
    .option('--string', 'keep the value as text, even when it looks like a number')
    .action(
      act<[string, string], { string?: boolean }>(async (session, [key, text], { string }) => {
        const value = string ? text : await parseValue(text)
        if (isDeepStrictEqual(await readValue(session, key).catch(absent), value)) {
          return showChange(session, { success: true, message: 'Already set' }, `Set ${key} = ${text} (already done)`)
        }
        const answer = await session.api.send('PUT', route`/instances/${await session.instance()}/config`, {
          path: key,
          value,
        })
        await showChange(session, answer, `Set ${key} = ${text}`)
      }),
    )
}

function addShow(group: Command): void {
  addCommand(group, 'show', 'Print the whole config with its comments', ['config show', 'config show -o json']).action(
    act(async (session) => {
      const instance = await session.instance()
      if (session.structured) return session.print(await session.api.get(route`/instances/${instance}/config`))
      session.out.write(await session.api.text(route`/instances/${instance}/config/yaml`))
    }),
  )
}

async function readValue(session: Session, path: string): Promise<unknown> {
  return session.api.get(route`/instances/${await session.instance()}/config`, { path })
}

/** A key that is not there, or a path the daemon will refuse by itself, is no reason to stop before setting it. */
function absent(error: unknown): undefined {
  if (error instanceof CliError && (error.exit === exitCodes.notFound || error.exit === exitCodes.usage))
    return undefined
  throw error
}
