import { journey } from '../../../lab/demo/journey.ts'
import { succeed } from './succeed.ts'

/** What is reached after so many commands of the README's journey. */
const reached = { settings: 6, machines: 7, nodes: 8, cluster: 9, services: 10, app: 12 } as const

/** Walks the README's journey until this is reached; with these nodes, when some are named. */
export async function walkUntil(
  world: Parameters<typeof succeed>[0],
  end: keyof typeof reached,
  ...nodes: string[]
): Promise<void> {
  for (const args of journey.slice(0, reached[end])) {
    const others = nodes.length > 0 && args[1] === 'setup'
    await succeed(world, ...(others ? ['node', 'setup', ...nodes, '--yes'] : args))
  }
}
