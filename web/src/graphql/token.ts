import { createSignal } from 'solid-js'

const key = 'wild-token'

/** The token of the daemon, as this browser keeps it. */
export function token(): string | undefined {
  return localStorage.getItem(key) ?? undefined
}

/** Keeps a token and begins anew with it. */
export function useToken(value: string): void {
  localStorage.setItem(key, value)
  location.reload()
}

/** What every request carries. */
export function authorization(): Record<string, string> {
  const value = token()
  return value ? { authorization: `Bearer ${value}` } : {}
}

const [locked, setLocked] = createSignal(false)

/** The daemon wants a token, or another one than this browser has. */
export { locked }

/** Says that the daemon turned a request away. */
export function lock(): void {
  setLocked(true)
}
