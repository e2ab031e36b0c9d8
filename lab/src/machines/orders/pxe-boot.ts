import { durations } from '../durations.ts'
import type { Lan } from '../lan.ts'
import type { Machine } from '../life.ts'
import { NEVER } from '../record.ts'
import { leaveNetwork } from './leave.ts'

const limitMs = 30_000
/** A script may send on to the next one; nobody means more than this. */
const mostScripts = 8

/** What iPXE would fetch from a script, as far as the lab understands it: the last word of each line that loads. */
interface Script {
  chain?: string
  kernel?: string
  initrd?: string
  boots: boolean
}

/**
 * Starts a machine from its network card as iPXE does: the script, the one it sends on to, kernel and initramfs. Talos
 * then runs from memory; what is installed on the disk starts instead, as it does on real machines. Throws with what
 * the person at the screen would read.
 */
export async function pxeBoot(lan: Lan, machine: Machine, url: string): Promise<void> {
  const { number, config } = machine.record
  leaveNetwork(lan, machine, { activity: 'off', upFrom: NEVER })
  const script = await scriptOf(url, { mac: machine.hardware.nic.mac, buildarch: 'x86_64' })
  const restart = () => ({ activity: 'rebooting', upFrom: lan.clock.due(durations.reboot) }) as const
  if (!script.kernel || !script.initrd || !script.boots) {
    // Sent on to its own disk; an empty one leaves the machine as it is.
    if (config !== undefined) lan.update(number, restart())
    return
  }
  const [kernel, initramfs] = [await fetched(script.kernel), await fetched(script.initrd)]
  if (kernel.subarray(0, 2).toString('latin1') !== 'MZ') throw new Error(`${script.kernel}: exec format error`)
  if (!/^(fd377a585a00|28b52ffd)/.test(initramfs.toString('hex', 0, 6))) throw new Error('kernel panic: no initramfs')
  const image = /(v\d+\.\d+\.\d+)\/([0-9a-f]{64})\//.exec(script.kernel)
  const fromMemory = config === undefined && image ? { talosVersion: image[1]!, schematic: image[2]! } : {}
  lan.update(number, { ...restart(), createdAt: lan.clock.now(), ...fromMemory })
}

async function scriptOf(first: string, known: Record<string, string>): Promise<Script> {
  let url = first
  for (let count = 0; count < mostScripts; count += 1) {
    const text = (await fetched(url)).toString('utf8')
    if (!text.startsWith('#!ipxe')) throw new Error(`${url}: exec format error`)
    const script = readScript(text.replace(/\$\{(?:netX\/)?(\w+)\}/g, (whole, name: string) => known[name] ?? whole))
    if (!script.chain) return script
    url = script.chain
  }
  throw new Error('too many scripts')
}

function readScript(text: string): Script {
  const lines = text.split('\n').map((line) =>
    line
      .trim()
      .split(/\s+/)
      .filter((word) => !word.startsWith('--')),
  )
  // A menu waits for a person; nobody is there.
  const automatic = lines.slice(
    0,
    indexOrAll(lines, ([word]) => word === 'menu' || word === 'exit'),
  )
  const argument = (command: string) => automatic.find(([word]) => word === command)?.find((word) => /^http/.test(word))
  return {
    chain: argument('chain'),
    kernel: argument('kernel'),
    initrd: argument('initrd'),
    boots: automatic.some(([word]) => word === 'boot'),
  }
}

function indexOrAll(lines: string[][], matches: (line: string[]) => boolean): number {
  const found = lines.findIndex(matches)
  return found === -1 ? lines.length : found
}

async function fetched(url: string): Promise<Buffer> {
  const response = await fetch(url, { signal: AbortSignal.timeout(limitMs) })
  if (!response.ok) throw new Error(`${url}: ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}
