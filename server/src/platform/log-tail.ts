import { open, stat } from 'node:fs/promises'

const mostBytes = 4 * 1024 * 1024

/**
 * The last lines of a log file that pass `wanted`, oldest first, parsed from JSON; lines that do not parse are left out.
 * Reads at most 4 MB from the end, and the file put aside before this one when it holds too few.
 */
export async function lastLines<T>(path: string, count: number, wanted: (line: T) => boolean): Promise<T[]> {
  const found: T[] = []
  for (const file of [path, `${path}.1`]) {
    const lines = (await endOf(file)).split('\n').reverse()
    for (const text of lines) {
      const line = parsed<T>(text)
      if (line !== undefined && wanted(line)) found.push(line)
      if (found.length === count) return found.reverse()
    }
  }
  return found.reverse()
}

function parsed<T>(text: string): T | undefined {
  try {
    return text ? (JSON.parse(text) as T) : undefined
  } catch {
    return undefined
  }
}

async function endOf(path: string): Promise<string> {
  const size = await stat(path).then(
    (info) => info.size,
    () => 0,
  )
  if (size === 0) return ''
  const file = await open(path)
  try {
    const length = Math.min(size, mostBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
