import { Resolver } from 'node:dns/promises'
import { probeName } from './conf.ts'

/** Where a DNS server is asked. */
export interface DnsServer {
  address: string
  port: number
}

function resolver({ address, port }: DnsServer): Resolver {
  const made = new Resolver({ timeout: 1_000, tries: 1 })
  made.setServers([`${address}:${port}`])
  return made
}

/** Fingerprint of the configuration that answers there; undefined when nothing of ours does. */
export async function runningFingerprint(server: DnsServer): Promise<string | undefined> {
  try {
    return (await resolver(server).resolveTxt(probeName))[0]?.join('')
  } catch {
    return undefined
  }
}

/** Addresses a server answers for a name; none when it has none or does not answer. */
export async function lookUp(server: DnsServer, name: string): Promise<string[]> {
  try {
    return await resolver(server).resolve4(name)
  } catch {
    return []
  }
}
