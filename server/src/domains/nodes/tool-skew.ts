import type { StepContext } from '../../operations/define.ts'
import { WildError } from '../../platform/errors.ts'
import type { Talosctl, TalosTarget } from '../../tools/talosctl.ts'

function minorOf(version: string | undefined): { major: number; minor: number } | undefined {
  const found = /^v?(\d+)\.(\d+)\./.exec(version ?? '')
  return found ? { major: Number(found[1]), minor: Number(found[2]) } : undefined
}

/**
 * What a person should know about a talosctl that is more than one minor version away from the Talos of a machine, and
 * what to install; undefined when they fit, or when one of the versions is not known.
 */
export function skewWarning(tool: string | undefined, machine: string | undefined, name: string): string | undefined {
  const [ours, its] = [minorOf(tool), minorOf(machine)]
  if (!ours || !its) return undefined
  const distance = (ours.major - its.major) * 1_000 + ours.minor - its.minor
  if (Math.abs(distance) <= 1) return undefined
  return `talosctl on this device is ${tool}, ${distance > 0 ? 'newer' : 'older'} than the Talos ${machine} of ${name} by more than a minor version: commands may be refused or mean something else. Install talosctl ${machine} on the PATH of the daemon.`
}

/** Warns of a talosctl that does not fit a machine, before anything is changed on it. Never fails because of it. */
export async function warnOfSkew(
  ctx: StepContext,
  talosctl: Talosctl,
  name: string,
  target: TalosTarget,
): Promise<void> {
  try {
    const tool = await talosctl.clientVersion()
    const warning = skewWarning(tool, await talosctl.version(target, { repeated: true }), name)
    if (warning) ctx.warn(warning)
  } catch (error) {
    // Whatever is wrong with the machine or the tool, the step itself says it better.
    if (!(error instanceof WildError)) throw error
    ctx.signal.throwIfAborted()
  }
}
