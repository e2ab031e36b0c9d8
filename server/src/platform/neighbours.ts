import { readFile } from 'node:fs/promises'

/** Set by the kernel for an entry whose hardware address is known (ATF_COM). */
const complete = 0x2

/**
 * The hardware address that answered for an IPv4 address on the network, from the text of /proc/net/arp (columns: IP
 * address, HW type, Flags, HW address, Mask, Device); undefined when nobody did.
 */
export function hardwareAddressIn(table: string, ip: string): string | undefined {
  for (const line of table.split('\n').slice(1)) {
    const [address, , flags, mac] = line.trim().split(/\s+/)
    if (address === ip && mac && Number(flags) & complete && mac !== '00:00:00:00:00:00') return mac.toLowerCase()
  }
  return undefined
}

/**
 * Which hardware address has an IPv4 address of this network, as the kernel learnt it when something was sent there:
 * also of a device whose firewall lets nothing through. Undefined when nobody has it, or on a system without the table.
 */
export async function neighbourOf(ip: string): Promise<string | undefined> {
  return hardwareAddressIn(await readFile('/proc/net/arp', 'utf8').catch(() => ''), ip)
}
