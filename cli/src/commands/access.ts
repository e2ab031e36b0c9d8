import { text } from 'node:stream/consumers'
import type { Command } from 'commander'
import { askSecret, confirmLoss } from '../ask.ts'
import { act, addCommand, addGroup } from '../command.ts'
import { usageError } from '../errors.ts'
import { keepToken } from '../kept-token.ts'
import { type Answer, createRestClient } from '../rest/client.ts'

/** Adds `wild-cli login`, `logout` and `token`. */
export function addAccessCommands(program: Command): void {
  addCommand(program, 'login [from]', 'Keep the token of the daemon for this user (`-` reads it from stdin)', [
    'login',
    'cat token | wild-cli login -',
  ]).action(
    act<[string | undefined]>(async (session, [from]) => {
      if (from !== undefined && from !== '-')
        throw usageError('A token is never given as an argument: others could see it. Use `-` for standard input.')
      const given = from === '-' ? await text(process.stdin) : await askSecret(session, `Token of ${session.api.url}`)
      const token = given.trim()
      if (!/^[\w-]{8,200}$/.test(token)) throw usageError('This does not look like a token.')
      // Asks for something that wants the token, so that a wrong one is never kept.
      await createRestClient(session.api.url, token).get('/instances')
      keepToken(session.api.url, token)
      session.messages.success(`Logged in to ${session.api.url}.`)
    }),
  )
  addCommand(program, 'logout', 'Forget the token of the daemon', ['logout']).action(
    act(async (session) => {
      keepToken(session.api.url, undefined)
      session.messages.success(`The token of ${session.api.url} is forgotten.`)
    }),
  )
  const group = addGroup(program, 'token', 'The token of the daemon')
  addCommand(group, 'replace', 'Make a new token; the one in use is worth nothing from then on', [
    'token replace',
  ]).action(
    act(async (session) => {
      await confirmLoss(session, 'Make a new token? Every browser and program has to log in anew.')
      const { data } = await session.api.send<Answer<{ token: string }>>('POST', '/access/token')
      keepToken(session.api.url, data.token)
      if (session.structured) return session.print(data)
      session.out.write(`${data.token}\n`)
      session.messages.info('Shown this once; this user is logged in with it.')
    }),
  )
}
