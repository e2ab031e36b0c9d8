import { type Command, Option } from 'commander'
import { showPlans } from './operation/start.ts'
import { Told } from './rest/telling.ts'
import { createSession, type GlobalOptions, type Session } from './session.ts'

/** Adds a group of commands such as `node`. */
export function addGroup(program: Command, name: string, description: string): Command {
  return program.command(name).description(description)
}

/** Adds a command; `examples` are shown by its `--help`. */
export function addCommand(group: Command, usage: string, description: string, examples: string[]): Command {
  const lines = examples.map((example) => `  $ wild-cli ${example}`)
  const title = examples.length === 1 ? 'Example:' : 'Examples:'
  return group
    .command(usage)
    .description(description)
    .addHelpText('after', `\n${title}\n${lines.join('\n')}`)
}

/** Adds `--plan` to a command that starts an operation; `startOperation` heeds it. */
export function withPlan(command: Command): Command {
  return command.option('--plan', 'only show what would be done: steps, commands, file differences; changes nothing')
}

/** Turns a function of session, arguments and options into the action of a command. */
export function act<Args extends unknown[] = [], Options = object>(
  run: (session: Session, args: Args, options: Options) => Promise<void>,
): (...given: unknown[]) => Promise<void> {
  return async (...given) => {
    const command = given.at(-1) as Command
    const options = command.optsWithGlobals<GlobalOptions & Options>()
    const session = createSession(options)
    try {
      await run(session, given.slice(0, -2) as Args, options)
    } catch (error) {
      if (!(error instanceof Told)) throw error
      await showPlans(session, [error.plan])
    }
  }
}

/** The options that every command takes, named once here. */
export function addGlobalOptions(program: Command): Command {
  return program
    .option('-i, --instance <instance>', 'instance to act on (else WILD_INSTANCE, else the context)')
    .addOption(new Option('-o, --output <format>', 'output format').choices(['table', 'json', 'yaml']).default('table'))
    .addOption(new Option('--json', 'the same as -o json').implies({ output: 'json' }))
    .addOption(new Option('--yaml', 'the same as -o yaml').implies({ output: 'yaml' }))
    .option('--plan', 'only tell what would be changed; changes nothing')
    .option('--no-wait', 'start long operations without following them')
    .option('-y, --yes', 'answer yes to every question')
    .option('-q, --quiet', 'print results, warnings and errors only')
    .option('-v, --verbose', 'print the log of operations while they run')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
}
