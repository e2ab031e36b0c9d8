import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { confirmOnTerminal } from '../ask.ts'
import { CliError, exitCodes, usageError } from '../errors.ts'
import type { Column } from '../output/table.ts'
import type { Session } from '../session.ts'
import { configRoute } from './config-prompt.ts'

export interface ConfigProblem {
  severity: 'error' | 'warning'
  message: string
  path?: string
  line?: number
  column?: number
}

export const problemColumns: Column<ConfigProblem>[] = [
  { title: 'line', value: (row) => row.line },
  { title: 'key', value: (row) => row.path },
  { title: 'severity', value: (row) => row.severity },
  { title: 'problem', value: (row) => row.message, prose: true },
]

/**
 * Opens config.yaml in the person's editor and saves it when it is right; otherwise says what is wrong and opens it
 * again. Refused when somebody changed it meanwhile; what was typed then stays in a file that is named.
 */
export async function editConfig(session: Session): Promise<void> {
  const command = splitCommand(process.env.VISUAL || process.env.EDITOR || 'vi')
  const path = await configRoute(session)
  const before = await session.api.text(`${path}/yaml`)
  const folder = await mkdtemp(join(tmpdir(), 'wild-config-'))
  const file = join(folder, 'config.yaml')
  await writeFile(file, before, { mode: 0o600 })
  try {
    for (;;) {
      await openEditor(command, file)
      const text = await readFile(file, 'utf8')
      if (text === before) {
        await rm(folder, { recursive: true, force: true })
        return session.messages.info('Nothing was changed.')
      }
      const problems = await check(session, path, text)
      for (const { line, path: key, message } of problems)
        session.err.write(`${[line && `line ${line}`, key].filter(Boolean).join(', ')}: ${message}\n`)
      if (problems.length) {
        if (!session.interactive) throw usageError('The config was not saved.')
        await confirmOnTerminal(session, 'Open it again?', true)
        continue
      }
      await session.api.sendText('PUT', `${path}/yaml`, text, {
        base: createHash('sha256').update(before).digest('hex'),
      })
      await rm(folder, { recursive: true, force: true })
      return session.messages.success('Config saved.')
    }
  } catch (error) {
    // Only what somebody typed is worth keeping.
    if ((await readFile(file, 'utf8').catch(() => before)) === before)
      await rm(folder, { recursive: true, force: true })
    else session.err.write(`What you wrote is in ${file}\n`)
    throw error
  }
}

async function check(session: Session, path: string, text: string): Promise<ConfigProblem[]> {
  const { data } = await session.api.sendText<{ data: { problems: ConfigProblem[] } }>('POST', `${path}/validate`, text)
  return data.problems.filter(({ severity }) => severity === 'error')
}

/** `code --wait` or `"/opt/my editor" -w` as program and arguments; no shell reads it. */
export function splitCommand(text: string): string[] {
  const words = text.match(/"[^"]*"|'[^']*'|[^\s"']+/g) ?? []
  return words.map((word) => word.replace(/^(["'])(.*)\1$/, '$2'))
}

function openEditor([program, ...args]: string[], file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program ?? 'vi', [...args, file], { stdio: 'inherit' })
    child.once('error', () =>
      reject(usageError(`The editor ${program} could not be started.`, 'Name one: EDITOR=nano wild-cli config edit')),
    )
    child.once('exit', (code, signal) =>
      code === 0
        ? resolve()
        : reject(new CliError(exitCodes.failed, `The editor ended with ${code ?? signal}; nothing was saved.`)),
    )
  })
}
