import { appendFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const changing = new Set(['apply', 'cordon', 'create', 'delete', 'drain', 'patch', 'uncordon'])

/** Does this call change the cluster? Dry runs do not; `rollout restart` does. */
export function isMutating(argv: readonly string[]): boolean {
  if (argv.some((one) => /^--dry-run(=(server|client|unchanged))?$/.test(one))) return false
  const words = commandWords(argv)
  return changing.has(words[0] ?? '') || (words[0] === 'rollout' && words[1] === 'restart')
}

const globalsWithValue = new Set([
  '--kubeconfig',
  '--context',
  '--cluster',
  '--user',
  '--namespace',
  '-n',
  '--request-timeout',
  '-v',
  '--v',
  '--cache-dir',
])

/** Where the words of a command line stand that are neither flags nor values of flags: `get`, `pods`, `x`. */
export function wordPositions(argv: readonly string[]): number[] {
  const positions: number[] = []
  for (let at = 0; at < argv.length; at += 1) {
    if (globalsWithValue.has(argv[at]!)) at += 1
    else if (!argv[at]!.startsWith('-')) positions.push(at)
  }
  return positions
}

/** The words of a command line that are not flags: `get pods x`. */
export const commandWords = (argv: readonly string[]): string[] => wordPositions(argv).map((at) => argv[at]!)

/**
 * Adds one line about this call to `commands.log` beside the lab's socket; nothing where no lab is set. Arguments of
 * kubectl carry no secrets: manifests come on stdin.
 */
export function logCommand(argv: readonly string[], exit: number): void {
  const socket = process.env.WILD_LAB_SOCKET
  if (socket === undefined || socket === '') return
  const line = { at: new Date().toISOString(), tool: 'kubectl', argv, mutating: isMutating(argv), exit }
  try {
    appendFileSync(join(dirname(socket), 'commands.log'), `${JSON.stringify(line)}\n`)
  } catch {
    // A lab folder that is gone must not make the command fail.
  }
}
