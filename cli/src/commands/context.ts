import type { Command } from 'commander'
import { act, addCommand, addGroup } from '../command.ts'
import { showChange, writeLines } from '../show.ts'

/** Adds `wild-cli context …`: the instance that commands act on. */
export function addContextCommands(program: Command): void {
  const group = addGroup(program, 'context', 'Show or choose the instance that commands act on')

  addCommand(group, 'get', 'Show the current instance', ['context get']).action(
    act(async (session) => {
      const data = await session.api.get<{ current: string | null }>('/context')
      if (session.structured) return session.print(data)
      if (data.current) writeLines(session, [data.current])
      else session.messages.plain('No instance is chosen. Choose one: wild-cli context use NAME')
    }),
  )

  addCommand(group, 'use <instance>', 'Make an instance the current one', ['context use home']).action(
    act<[string]>(async (session, [instance]) => {
      const answer = await session.api.send('POST', '/context', { instance })
      await showChange(session, answer, `Current instance: ${instance}`)
    }),
  )
}
