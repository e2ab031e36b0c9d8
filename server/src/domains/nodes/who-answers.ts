import type { NodeRecord } from './model.ts'
import { talosPort, tcpOpen } from './tcp-probe.ts'

const probeMs = 1_500

/** Which of these nodes take a connection at their target address, and which do not; each in the order given. */
export async function whoAnswers(
  records: NodeRecord[],
  signal?: AbortSignal,
): Promise<{ awake: NodeRecord[]; silent: NodeRecord[] }> {
  const answers = await Promise.all(records.map(({ targetIp }) => tcpOpen(targetIp!, talosPort, probeMs, signal)))
  return { awake: records.filter((_, at) => answers[at]), silent: records.filter((_, at) => !answers[at]) }
}
