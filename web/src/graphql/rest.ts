import { shell } from '../strings/shell.ts'
import type { Failure } from './failure.ts'
import { authorization } from './token.ts'

/**
 * Posts JSON to the REST API: for files, which are too large for GraphQL. Resolves with the answer, or with undefined after
 * telling `refused` what the daemon said.
 */
export async function post(
  path: string,
  body: unknown,
  refused: (failure: Failure) => void,
): Promise<Response | undefined> {
  try {
    const response = await fetch(`/api/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization() },
      body: JSON.stringify(body),
    })
    if (response.ok) return response
    const { error } = await response.json()
    const hint = typeof error.details?.hint === 'string' ? error.details.hint : undefined
    refused({ code: error.code, message: error.message, hint, details: error.details ?? {} })
  } catch {
    refused({ code: 'UNREACHABLE', message: shell.daemonAway, details: {} })
  }
  return undefined
}

/** Opens a text of the REST API in a tab of its own; a plain link could not carry the token. */
export async function openText(path: string): Promise<void> {
  const tab = window.open('', '_blank')
  const response = await fetch(`/api/v1${path}`, { headers: authorization() })
  const address = URL.createObjectURL(new Blob([await response.text()], { type: 'text/plain' }))
  if (tab) tab.location.href = address
}

/** Hands a file to the browser, which saves it. */
export function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has taken the file by the next turn of its loop at the earliest.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

/** Saves a text of the REST API as a file, or tells `refused` why not. */
export async function saveText(path: string, name: string, refused: (failure: Failure) => void): Promise<void> {
  try {
    const response = await fetch(`/api/v1${path}`, { headers: authorization() })
    if (response.ok) return save(await response.blob(), name)
    const { error } = await response.json()
    refused({ code: error.code, message: error.message, details: error.details ?? {} })
  } catch {
    refused({ code: 'UNREACHABLE', message: shell.daemonAway, details: {} })
  }
}

/**
 * Saves a file of any size. The browser writes it straight to the disk; only where a token is needed, which a link cannot
 * carry, it is fetched first.
 */
export async function saveLarge(path: string, name: string, refused: (failure: Failure) => void): Promise<void> {
  const headers = authorization()
  if (Object.keys(headers).length > 0) return saveText(path, name, refused)
  const link = document.createElement('a')
  link.href = `/api/v1${path}`
  link.download = name
  link.click()
}
