import { writeSync } from 'node:fs'
import { logCommand } from './command-log.ts'
import { run } from './run.ts'

/** Writes all of a text to a file descriptor, also to a pipe that is full for a moment. */
function write(descriptor: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EPIPE') return
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
    }
  }
}

const argv = process.argv.slice(2)
const exit = await run(argv, { out: (text) => write(1, text), err: (text) => write(2, text) })
logCommand(argv, exit)
process.exitCode = exit
