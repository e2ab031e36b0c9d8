import { commandWords, wordPositions } from './command-log.ts'
import { CommandError, DifferenceFound, errorText, UsageError } from './errors.ts'
import { type Flags, parseFlags } from './flags.ts'
import { createSession, type Output, type Session } from './session.ts'

interface Command {
  flags: Flags
  run: (session: Session) => Promise<void>
}

/** Each command is loaded when it is called for: starting must be quick. */
const commands: Record<string, () => Promise<Command>> = {
  get: async () => {
    const { get, getFlags } = await import('./commands/get.ts')
    return { flags: getFlags, run: get }
  },
  apply: async () => {
    const { apply, applyFlags } = await import('./commands/apply.ts')
    return { flags: applyFlags, run: apply }
  },
  create: async () => {
    const { create, createFlags } = await import('./commands/create.ts')
    return { flags: createFlags, run: create }
  },
  delete: async () => {
    const { remove, deleteFlags } = await import('./commands/delete.ts')
    return { flags: deleteFlags, run: remove }
  },
  diff: async () => {
    const { diff, diffFlags } = await import('./commands/diff.ts')
    return { flags: diffFlags, run: diff }
  },
  logs: async () => {
    const { logs, logsFlags } = await import('./commands/logs.ts')
    return { flags: logsFlags, run: logs }
  },
  wait: async () => {
    const { wait, waitFlags } = await import('./commands/wait.ts')
    return { flags: waitFlags, run: wait }
  },
  'rollout status': async () => {
    const { rolloutStatus, rolloutFlags } = await import('./commands/rollout.ts')
    return { flags: rolloutFlags.status!, run: rolloutStatus }
  },
  'rollout restart': async () => {
    const { rolloutRestart, rolloutFlags } = await import('./commands/rollout.ts')
    return { flags: rolloutFlags.restart!, run: rolloutRestart }
  },
  patch: async () => {
    const { patch, patchFlags } = await import('./commands/patch.ts')
    return { flags: patchFlags, run: patch }
  },
  exec: async () => {
    const { exec, execFlags } = await import('./commands/exec.ts')
    return { flags: execFlags, run: exec }
  },
  cordon: async () => {
    const { cordon, cordonFlags } = await import('./commands/drain.ts')
    return { flags: cordonFlags, run: cordon }
  },
  uncordon: async () => {
    const { uncordon, cordonFlags } = await import('./commands/drain.ts')
    return { flags: cordonFlags, run: uncordon }
  },
  drain: async () => {
    const { drain, drainFlags } = await import('./commands/drain.ts')
    return { flags: drainFlags, run: drain }
  },
  version: async () => {
    const { version, versionFlags } = await import('./commands/version.ts')
    return { flags: versionFlags, run: version }
  },
  kustomize: async () => {
    const { kustomize, kustomizeFlags } = await import('./commands/kustomize.ts')
    return { flags: kustomizeFlags, run: kustomize }
  },
}

/** Commands of the real program that this one leaves out. */
const absent = new Set(
  'alpha annotate api-resources api-versions attach auth autoscale certificate cluster-info completion config cp debug describe edit events explain expose label options plugin port-forward proxy replace run scale set taint top'.split(
    ' ',
  ),
)

function commandName(argv: readonly string[]): string {
  const [first, second] = commandWords(argv)
  if (first === undefined)
    throw new UsageError(
      `kubectl controls the Kubernetes cluster manager: the lab's stand-in has ${Object.keys(commands).join(', ')}`,
    )
  const name = first === 'rollout' ? `rollout ${second ?? ''}`.trim() : first
  if (Object.hasOwn(commands, name)) return name
  if (absent.has(first) || first === 'rollout') throw new CommandError(`the lab's kubectl has no "${name}"`)
  throw new UsageError(`error: unknown command "${first}" for "kubectl"`)
}

/** The arguments without the command's own words, wherever flags stand between them. */
function withoutWords(argv: readonly string[], name: string): string[] {
  const own = new Set(wordPositions(argv).slice(0, name.split(' ').length))
  return argv.filter((_, at) => !own.has(at))
}

/** Runs a command line; returns the exit code. Everything that is said goes to `output`. */
export async function run(argv: readonly string[], output: Output): Promise<number> {
  let session: Session | undefined
  try {
    const name = commandName(argv)
    const command = await commands[name]!()
    const flags = parseFlags(`kubectl ${name}`, withoutWords(argv, name), command.flags)
    if (flags.is('help')) {
      output.out(
        `Usage: kubectl ${name} [options]\nOptions: ${Object.keys(command.flags)
          .map((flag) => `--${flag}`)
          .join(' ')}\n`,
      )
      return 0
    }
    session = createSession(flags, output)
    await command.run(session)
    return 0
  } catch (error) {
    if (!(error instanceof DifferenceFound)) output.err(`${errorText(error)}\n`)
    return error instanceof CommandError ? error.exitCode : 1
  } finally {
    session?.close()
  }
}
