import { columns } from '../columns.ts'
import { type Context, ToolError } from '../command.ts'
import { nodesOf } from '../machine-api.ts'

interface ServiceState {
  id: string
  state: string
  healthy: boolean
  unknown: boolean
  ageSeconds: number
}

/** `talosctl service [ID [start|stop|restart|status]]`. */
export async function run(context: Context): Promise<void> {
  const [id, action = 'status'] = context.args as [string | undefined, string | undefined]
  if (!['status', 'start', 'stop', 'restart'].includes(action))
    throw new ToolError(`unsupported service action: "${action}"`)
  const rows: string[][] = []
  for (const node of nodesOf(context)) {
    const answer = await node.call('service', { id, ...(action === 'status' ? {} : { action }) })
    if (Array.isArray(answer)) rows.push(...describe(node.name, id, answer as ServiceState[], context))
    else rows.push([node.name, (answer as { message: string }).message])
  }
  if (id !== undefined && action === 'status') return
  const header =
    id === undefined ? ['NODE', 'SERVICE', 'STATE', 'HEALTH', 'LAST CHANGE', 'LAST EVENT'] : ['NODE', 'RESPONSE']
  context.out(columns([header, ...rows]))
}

function describe(node: string, id: string | undefined, services: ServiceState[], context: Context): string[][] {
  if (id !== undefined && services.length === 0) throw new ToolError(`service "${id}" is not registered on any nodes`)
  const health = ({ healthy, unknown }: ServiceState): string => (unknown ? '?' : healthy ? 'OK' : 'Fail')
  if (id === undefined)
    return services.map((one) => [node, one.id, one.state, health(one), `${age(one)} ago`, event(one)])
  for (const one of services) {
    context.out(
      `NODE     ${node}\nID       ${one.id}\nSTATE    ${one.state}\nHEALTH   ${health(one)}\nEVENTS   [${one.state}]: ${event(one)} (${age(one)} ago)\n`,
    )
  }
  return []
}

function event({ state, healthy }: ServiceState): string {
  if (state !== 'Running') return `Service is ${state.toLowerCase()}`
  return healthy ? 'Health check successful' : 'Health check failed'
}

function age({ ageSeconds }: ServiceState): string {
  const parts = [
    [Math.floor(ageSeconds / 3600), 'h'],
    [Math.floor(ageSeconds / 60) % 60, 'm'],
    [ageSeconds % 60, 's'],
  ] as const
  const first = parts.findIndex(([amount]) => amount > 0)
  return first < 0
    ? '0s'
    : parts
        .slice(first)
        .map(([amount, unit]) => `${amount}${unit}`)
        .join('')
}
