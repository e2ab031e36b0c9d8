import { request } from 'node:http'
import { join } from 'node:path'

// biome-ignore lint/suspicious/noExplicitAny: tests read whatever came
type Loose = any

/** The lab's own door: its state, and what a hand or bad luck would do to its machines. */
export function labDoor(dataDirectory: string) {
  const socketPath = join(dataDirectory, 'lab', 'lab.sock')
  function ask(method: string, path: string, body?: unknown): Promise<Loose> {
    return new Promise((resolve, reject) => {
      const call = request({ socketPath, path, method }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => (text += part))
        response.on('end', () => {
          const answer = JSON.parse(text)
          if ((response.statusCode ?? 500) < 300) resolve(answer)
          else reject(new Error(`${method} ${path}: ${text}`))
        })
      })
      call.on('error', reject)
      call.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }
  return {
    state: () => ask('GET', '/state'),
    /** Orders a fault: `{ kind: 'unreachable', machine: 2 }`. */
    fault: (fault: Record<string, unknown>) => ask('POST', '/faults', fault),
    clearFaults: () => ask('DELETE', '/faults'),
    /** Exchanges, fills or pulls out a disk: `{ machine: 1, disk: 'sda', serial: 'X' }`. */
    disk: (change: { machine: number; disk: string } & Record<string, unknown>) => ask('POST', '/disks', change),
    /** The router gives a machine another address: the last number of it. */
    lease: (machine: number, host: number) => ask('POST', '/lease', { machine, host }),
    /** Its clock goes wrong by so many minutes, because it reaches no time server; 0 mends it. */
    clock: (machine: number, minutes: number) => ask('POST', '/clock', { machine, minutes }),
    /** Puts graphics cards into a machine, as PCI class and vendor: `['0300_10de']` is an NVIDIA card with a screen. */
    cards: (machine: number, cards: string[]) => ask('POST', '/cards', { machine, cards }),
    /** A certificate of an administrator, made so that it has so many days left: `{ crt, key }` in base64. */
    certificate: (machine: number, days: number, entrance: 'talos' | 'kubernetes' = 'talos') =>
      ask('POST', '/certificate', { machine, days, entrance }),
    /** Starts a machine from its network card, with the script at this address; rejects with what its screen says. */
    pxeBoot: (machine: number, url: string) => ask('POST', '/pxe-boot', { machine, url }),
    powerOn: (machine: number) => ask('POST', '/power', { machine }),
  }
}
