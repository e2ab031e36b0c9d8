import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { DatabaseError } from './files.ts'
import { mysql, mysqldump } from './mysql.ts'
import { pgDump, pgRestore, psql } from './postgres.ts'

/** Stand-ins for the programs inside of database images. They take the options the daemon uses and refuse others. */
async function stdin(): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of process.stdin) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const place = { username: text, port: text, dbname: text, host: text, 'no-password': flag } as const

const programs: Record<string, () => Promise<string | Buffer>> = {
  async psql() {
    const options = {
      ...place,
      'no-psqlrc': flag,
      quiet: flag,
      'tuples-only': flag,
      'no-align': flag,
      'field-separator': text,
      set: text,
      command: text,
    } as const
    const { values } = parseArgs({ options, allowNegative: false })
    return psql(values.dbname ?? 'postgres', values.command ?? (await stdin()).toString())
  },
  async pg_dump() {
    const { values } = parseArgs({ options: { ...place, format: text, compress: text } })
    return pgDump(values.dbname ?? '')
  },
  async pg_restore() {
    const { values } = parseArgs({ options: { ...place, 'exit-on-error': flag } })
    pgRestore(values.dbname ?? '', await stdin())
    return ''
  },
  async mysql() {
    const options = {
      user: text,
      host: text,
      port: text,
      batch: flag,
      'skip-column-names': flag,
      execute: text,
    } as const
    const { values, positionals } = parseArgs({ options, allowPositionals: true })
    return mysql(positionals[0] ?? '', values.execute ?? (await stdin()).toString())
  },
  async mysqldump() {
    const options = {
      user: text,
      'single-transaction': flag,
      routines: flag,
      triggers: flag,
      events: flag,
      'hex-blob': flag,
      'no-tablespaces': flag,
    } as const
    const { positionals } = parseArgs({ options, allowPositionals: true })
    return mysqldump(positionals[0] ?? '')
  },
}

async function main(): Promise<void> {
  const name = basename(process.argv[1] ?? '')
  const output = await programs[name]!()
  if (output.length > 0) process.stdout.write(output)
}

main().catch((error: Error) => {
  process.stderr.write(
    `${error instanceof DatabaseError ? error.message : `${basename(process.argv[1] ?? '')}: error: ${error.message}`}\n`,
  )
  process.exitCode = error instanceof DatabaseError ? 2 : 1
})
