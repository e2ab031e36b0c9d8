import type { Command } from 'commander'
import { addCommand, addGroup } from '../command.ts'
import type { Wanted } from '../completion/model.ts'
import { shellScripts } from '../completion/scripts.ts'
import { createSession } from '../session.ts'

/** Nobody waits longer for what a Tab brings, in milliseconds. */
const answerWithin = 1000

/** Adds `wild-cli completion …` and `wild-cli __complete`, which the scripts ask. */
export function addCompletionCommands(program: Command): void {
  const group = addGroup(program, 'completion', 'Print the script that makes Tab complete commands, options and names')
  for (const { shell, script, install } of shellScripts) {
    addCommand(group, shell, `Print the script for ${shell}`, [`completion ${shell}`])
      .addHelpText('after', `\nFor every new shell:\n  $ ${install}`)
      .action(() => void process.stdout.write(script))
  }
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .allowUnknownOption()
    .action(async (words: string[]) => void process.stdout.write(await candidateLines(program, words)))
}

/** A candidate per line, a tab before what it means; `:files` where the shell knows better. */
async function candidateLines(program: Command, words: string[]): Promise<string> {
  const [{ complete }, { valuesFrom }] = await Promise.all([
    import('../completion/complete.ts'),
    import('../completion/values.ts'),
  ])
  const found = await complete(program, words, valuesFrom(sessionFor))
  if (found === 'files') return ':files\n'
  const printable = found.filter(({ value }) => value && !/[\r\n\t]/.test(value))
  return printable.map(({ value, about }) => `${value}${about ? `\t${about.replace(/\s+/g, ' ')}` : ''}\n`).join('')
}

function sessionFor({ options }: Wanted) {
  const instance = options.get('instance') || undefined
  return createSession({ output: 'json', wait: false, color: false, quiet: true, instance, within: answerWithin })
}
