import { join } from 'node:path'
import { startKube } from './kube/index.ts'
import { type Lab, startLab } from './lab.ts'
import { LabError, readSettings } from './settings.ts'

/** Process entry of the lab: `lab ready: …` on stdout, or one line on stderr and exit 1. SIGTERM and SIGINT end it. */
async function main(): Promise<void> {
  const settings = readSettings(process.env, join(import.meta.dirname, '..'))
  const lab = await startLab(settings, startKube)
  closeOnSignal(lab)
  const speed = settings.speed === 1 ? '' : `, time runs ${settings.speed} times faster`
  process.stdout.write(
    `lab ready: ${settings.machines} machines on ${settings.prefix}.0/24, mirror ${lab.mirrorUrl}, socket ${settings.socket}${speed}\n`,
  )
}

function closeOnSignal(lab: Lab): void {
  let closing = false
  const close = (): void => {
    if (closing) return
    closing = true
    lab.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    )
  }
  process.on('SIGTERM', close)
  process.on('SIGINT', close)
}

function fail(error: unknown): never {
  const known =
    error instanceof LabError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)
  process.stderr.write(`lab: ${known}\n`)
  process.exit(1)
}

main().catch(fail)
