import { WildError } from '../../../platform/errors.ts'

/** Where a command of a database is run: in the container of its server. */
export interface DatabaseShell {
  /** Runs a command with a short standard input; its output. */
  run(command: string[], input?: string): Promise<string>
}

/** What a database server's own programs are asked, as commands for its container. Names are checked before. */
export interface DatabaseEngine {
  /** Prints a dump of a database. */
  dump(name: string, port: number): string[]
  /** Reads a dump into an empty database. */
  load(name: string, port: number): string[]
  list(shell: DatabaseShell, port: number): Promise<string[]>
  /** An empty database like `like`, where that exists. */
  create(shell: DatabaseShell, port: number, name: string, like: string | undefined): Promise<void>
  drop(shell: DatabaseShell, port: number, name: string): Promise<void>
  /** Rows of each table. */
  counts(shell: DatabaseShell, port: number, name: string): Promise<Record<string, number>>
  /** Why this database cannot be swapped by renaming; undefined when it can. */
  unswappable(shell: DatabaseShell, port: number, name: string): Promise<string | undefined>
  /** `fresh` becomes `live`, and what `live` was becomes `old`; at once. Without `live`, `fresh` only gets its name. */
  swap(shell: DatabaseShell, port: number, names: { live: string; fresh: string; old: string }): Promise<void>
  usualPort: number
}

/** A name that may be put into commands and statements. Throws INVALID_INPUT. */
export function databaseName(name: string): string {
  if (/^[A-Za-z0-9_-]{1,48}$/.test(name)) return name
  throw new WildError(
    'INVALID_INPUT',
    `The database is called ${JSON.stringify(name)}. Backups take names of at most 48 letters, digits, "_" and "-" only.`,
    { field: 'database' },
  )
}

/** Lines of tab-separated fields. */
export function rowsOf(text: string): string[][] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))
}
