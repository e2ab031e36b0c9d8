import type { Lease } from './model.ts'

/** Leases of a lease file (facts/tools.md 6.3): `EXPIRY MAC IP NAME|* ID|*`; lines of anything else are left out. */
export function parseLeases(text: string): Lease[] {
  return text.split('\n').flatMap((line) => {
    const match = /^(\d+) ([0-9a-f]{2}(?::[0-9a-f]{2}){5}) (\d+\.\d+\.\d+\.\d+) (\S+) \S+$/i.exec(line.trim())
    if (!match) return []
    const [, expiry, mac, ip, name] = match as unknown as [string, string, string, string, string]
    return [
      {
        mac: mac.toLowerCase(),
        ip,
        ...(name === '*' ? {} : { hostname: name }),
        ...(expiry === '0' ? {} : { expiresAt: new Date(Number(expiry) * 1000).toISOString() }),
      },
    ]
  })
}
