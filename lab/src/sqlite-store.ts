import Database from 'better-sqlite3'
import type { LabStore } from './store.ts'

interface Row {
  key: string
  value: string
}

/**
 * Opens (and where needed creates) the lab's memory in one SQLite file. Every `put` and `delete` is on disk when it
 * returns. Throws when the file is no database or its folder is missing.
 */
export function openSqliteStore(file: string): LabStore {
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  db.exec(
    'CREATE TABLE IF NOT EXISTS documents (collection TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (collection, key)) WITHOUT ROWID',
  )
  const get = db.prepare<[string, string], Row>('SELECT key, value FROM documents WHERE collection = ? AND key = ?')
  const list = db.prepare<[string, string, string], Row>(
    'SELECT key, value FROM documents WHERE collection = ? AND substr(key, 1, length(?)) = ? ORDER BY key',
  )
  const put = db.prepare('INSERT OR REPLACE INTO documents (collection, key, value) VALUES (?, ?, ?)')
  const remove = db.prepare('DELETE FROM documents WHERE collection = ? AND key = ?')

  return {
    get: <T>(collection: string, key: string) => {
      const row = get.get(collection, key)
      return row && (JSON.parse(row.value) as T)
    },
    list: <T>(collection: string, prefix = '') =>
      list.all(collection, prefix, prefix).map((row) => ({ key: row.key, value: JSON.parse(row.value) as T })),
    put: (collection, key, value) => void put.run(collection, key, JSON.stringify(value)),
    delete: (collection, key) => void remove.run(collection, key),
    transaction: (work) => db.transaction(work)(),
    close: () => void db.close(),
  }
}
