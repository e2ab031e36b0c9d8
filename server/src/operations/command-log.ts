import { readFileSync } from 'node:fs'
import { eq } from 'drizzle-orm'
import type { Clock } from '../platform/clock.ts'
import { commandsTable, type Db } from '../platform/db.ts'
import type { Masker } from '../platform/masking.ts'
import type { ToolCall } from '../platform/run-tool.ts'
import { commandLine, type ToolListener } from '../platform/tool-runner.ts'

/** Keeps a record of every external command of one operation, and passes its lines on. */
export interface CommandLog {
  listener(
    step: string,
    out: {
      command(line: string, repeated: boolean): void
      output(stream: 'stdout' | 'stderr', line: string): void
      /** False while a step is taken back: that goes on without records when the disk is full. */
      mustRecord(): boolean
    },
  ): ToolListener
}

/** Start time of a process in clock ticks since boot (field 22 of /proc/PID/stat), or undefined when it is gone. */
export function processStart(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

/** Environment worth repeating by hand: where the tool finds its cluster. Never a secret. */
function shownEnvironment(env: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => ['KUBECONFIG', 'TALOSCONFIG'].includes(name)))
}

/** Largest standard input that is written down, in characters. */
const largestInput = 1_000_000

function shownInput({ input }: ToolCall, masker: Masker): string | null {
  return input && input.length <= largestInput ? masker.text(input) : null
}

/** Command records in the database; repeated reads are recorded once. */
export function createCommandLog(db: Db, operation: string, masker: Masker, clock: Clock): CommandLog {
  const rows = new Map<ToolCall, number>()
  const repeatedSeen = new Set<string>()
  const now = () => new Date(clock.now()).toISOString()

  function listener(step: string, out: Parameters<CommandLog['listener']>[1]): ToolListener {
    function record(work: () => void): void {
      try {
        work()
      } catch (error) {
        if (out.mustRecord()) throw error
      }
    }
    function update(call: ToolCall, values: Partial<typeof commandsTable.$inferInsert>): void {
      const id = rows.get(call)
      if (id) record(() => db.update(commandsTable).set(values).where(eq(commandsTable.id, id)).run())
    }
    return {
      started(call) {
        const command = commandLine(call, masker)
        out.command(command, call.repeated ?? false)
        const key = `${step} ${command}`
        if (call.repeated && repeatedSeen.has(key)) return
        if (call.repeated) repeatedSeen.add(key)
        const env = masker.deep(shownEnvironment(call.env))
        const row = { operation, step, command, env, input: shownInput(call, masker), startedAt: now() }
        record(() => rows.set(call, db.insert(commandsTable).values(row).returning({ id: commandsTable.id }).get().id))
      },
      spawned: (call, pid) => update(call, { pid, pidStart: processStart(pid) ?? null }),
      line(stream, text, call) {
        if (!(stream === 'stdout' && call.captureOnly) && !call.repeated) out.output(stream, text)
      },
      ended(call, { exitCode }) {
        update(call, { exitCode: exitCode ?? null, endedAt: now() })
        rows.delete(call)
      },
    }
  }

  return { listener }
}
