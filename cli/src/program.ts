import { Command, CommanderError } from 'commander'
import { addGlobalOptions } from './command.ts'
import { addAccessCommands } from './commands/access.ts'
import { addAppCommands } from './commands/app.ts'
import { addBackupCommands } from './commands/backup.ts'
import { addClusterCommands } from './commands/cluster.ts'
import { addCompletionCommands } from './commands/completion.ts'
import { addConfigCommands } from './commands/config.ts'
import { addContextCommands } from './commands/context.ts'
import { addDaemonCommands } from './commands/daemon.ts'
import { addDhcpCommands, addDnsCommands } from './commands/dns.ts'
import { addInstanceCommands } from './commands/instance.ts'
import { addNodeCommands } from './commands/node.ts'
import { addOperationCommands } from './commands/operation.ts'
import { addPxeCommands } from './commands/pxe.ts'
import { addSecretCommands } from './commands/secret.ts'
import { addServiceCommands } from './commands/service.ts'
import { addDashboardCommands, addHealthCommand } from './commands/service-health.ts'
import { addSetupCommand } from './commands/setup.ts'
import { addStatusCommand } from './commands/status.ts'
import { addTalosCommands } from './commands/talos.ts'
import { addTemplateCommands } from './commands/template.ts'
import { exitCodes } from './errors.ts'
import { reportError } from './report-error.ts'

const help = `
Environment:
  WILD_DAEMON_URL  where the daemon listens (default http://127.0.0.1:5055)
  WILD_TOKEN       its token, when it wants one (or: wild-cli login)
  WILD_INSTANCE    instance to act on

Exit codes:
  0 done   1 internal error   2 wrong usage or input   3 not found   4 conflict
  5 operation or tool failed, timeout, cluster unreachable   6 daemon unreachable
  130 stopped with Ctrl-C (a running operation goes on)

From bare machines to an app:
  $ wild-cli instance create home
  $ wild-cli config set cloud.domain cloud.example.com
  $ wild-cli node discover
  $ wild-cli node setup control-1 control-2 control-3
  $ wild-cli cluster bootstrap
  $ wild-cli service install-all
  $ wild-cli app add ghost
  $ wild-cli app deploy ghost`

/** Runs the CLI with the given arguments and answers the exit code. */
export async function runProgram(args: string[], version: string): Promise<number> {
  try {
    await createProgram(version).parseAsync(args, { from: 'user' })
    return exitCodes.ok
  } catch (error) {
    // Commander has printed its message by then; help and version that were asked for are no failure.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
    return reportError(error, (text) => process.stderr.write(text))
  }
}

/** The whole command tree. */
export function createProgram(version: string): Command {
  const program = new Command('wild-cli')
    .description('Turns machines on your network into Kubernetes clusters and keeps them running.')
    .version(version, '-V, --version', 'print the version')
    // Long command names leave less room than usual on 80 columns; wrapping there is still better than lines that break.
    .configureHelp({ showGlobalOptions: true, minWidthToWrap: 24 })
    .helpCommand('help [command]', 'show help for a command')
    .helpOption('-h, --help', 'show help')
    .exitOverride()
    .showHelpAfterError('Add --help to see how the command is used.')
    .configureOutput({ outputError: (text, write) => write(withoutValues(text.replace(/^error: /, 'ERROR: '))) })
    .addHelpText('after', help)
  addGlobalOptions(program)
  addStatusCommand(program)
  addSetupCommand(program, async (args) => void (await createProgram(version).parseAsync(args, { from: 'user' })))
  addInstanceCommands(program)
  addContextCommands(program)
  addConfigCommands(program)
  addSecretCommands(program)
  addTemplateCommands(program)
  addNodeCommands(program)
  addClusterCommands(program)
  addServiceCommands(program)
  addHealthCommand(program)
  addDashboardCommands(program)
  addAppCommands(program)
  addBackupCommands(program)
  addOperationCommands(program)
  addDnsCommands(program)
  addDhcpCommands(program)
  addTalosCommands(program)
  addDaemonCommands(program)
  addPxeCommands(program)
  addAccessCommands(program)
  addCompletionCommands(program)
  return program
}

/** What follows `--option=` may be a secret that was given by mistake; it is not repeated. */
function withoutValues(text: string): string {
  return text.replace(/(--[\w-]+)=[^']*/g, '$1')
}
