import { chmodSync, writeFileSync } from 'node:fs'

const REASONS: Record<string, string> = {
  ENOENT: 'no such file or directory',
  EACCES: 'permission denied',
  EISDIR: 'is a directory',
  ENOTDIR: 'not a directory',
}

/** A failed file access in Go's words: `open x: no such file or directory`. */
export function goFileError(error: unknown, path: string): string {
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const verb = code === 'EISDIR' ? 'read' : 'open'
  return `${verb} ${path}: ${REASONS[code] ?? code}`
}

/** Writes a file with exactly this mode, whatever it had before. */
export function writeWithMode(path: string, text: string, mode: number): void {
  writeFileSync(path, text, { mode })
  chmodSync(path, mode)
}
