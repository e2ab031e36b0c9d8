import type { Browser } from 'playwright-core'
import { journey } from '../../lab/demo/journey.ts'
import { succeed } from '../journey/support/succeed.ts'
import { startTestWorld } from '../world.ts'
import { startBrowser } from './browser.ts'

/** A daemon with its lab, a browser, and the command line beside them; one for all tests of a file. */
export async function startWebWorld(speed: number, machines?: number) {
  const [world, browser] = await Promise.all([startTestWorld({ speed, machines }), startBrowser()])

  /** Runs commands of `wild-cli` one after another; throws with their output when one fails. */
  async function cli(...commands: string[]): Promise<void> {
    for (const command of commands) await succeed(world, ...command.split(' '))
  }

  async function stop(): Promise<void> {
    await browser.close()
    await world.remove()
  }

  return { world, browser: browser as Browser, cli, stop }
}

export type WebWorld = Awaited<ReturnType<typeof startWebWorld>>

/** What a person sets before a cluster can be built. */
export const settings = journey.slice(1, 6).map((args) => args.join(' '))
