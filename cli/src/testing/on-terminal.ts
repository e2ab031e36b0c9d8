import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What was printed on a terminal, and how it ended. */
export interface TerminalOutcome {
  code: number | null
  /** As printed, without the sequences that colour and move. */
  text: string
}

/** Why commands cannot be run on a terminal of their own here; undefined when they can. */
export const noTerminal = spawnSync('script', ['--version']).error ? 'script of util-linux is not there' : undefined

/**
 * Runs a command on a terminal of its own (util-linux `script`) and types each answer as soon as the text it belongs to
 * was printed. Arguments with quotes are not passed on.
 */
export async function onTerminal(
  command: string[],
  env: Record<string, string>,
  answers: [after: string, keys: string][] = [],
): Promise<TerminalOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'wild-terminal-'))
  const quoted = command.map((word) => `'${word}'`).join(' ')
  // A terminal nobody looks at has no width.
  const child = spawn('script', ['-qefc', `stty cols 200 rows 50; exec ${quoted}`, join(folder, 'typescript')], {
    env: { PATH: process.env.PATH, HOME: folder, TERM: 'xterm', ...env },
  })
  let raw = ''
  let text = ''
  let from = 0
  const left = [...answers]
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    raw += more
    text = plain(raw)
    for (let next = left[0]; next && text.indexOf(next[0], from) >= 0; next = left[0]) {
      from = text.indexOf(next[0], from) + next[0].length
      child.stdin.write(next[1])
      left.shift()
    }
  })
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  rmSync(folder, { recursive: true })
  return { code, text }
}

function plain(text: string): string {
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
}
