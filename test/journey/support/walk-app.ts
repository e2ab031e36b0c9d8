import type { callers } from '../../world.ts'

type Caller = ReturnType<typeof callers>
const at = '/instances/home/apps'

/** Adds and deploys an app over REST; the record of the operation. `disturb` happens while it runs. */
export async function deployApp(world: Caller, name: string, disturb?: () => Promise<void>) {
  const added = await world.rest('POST', at, { name })
  if (added.status >= 300) throw new Error(`adding ${name} answered ${added.status}: ${added.text}`)
  const { status, text, body } = await world.rest('POST', `${at}/${name}/deploy`, {})
  if (status !== 202) throw new Error(`deploying ${name} answered ${status}: ${text}`)
  await disturb?.()
  return world.ended(body.operation_id)
}

/** Parts of an app, its own and what it depends on, that do not run, as `name state`. */
export async function notRunning(world: Caller, name: string): Promise<string[]> {
  const { data } = (await world.rest('GET', `${at}/${name}/status`)).body
  const all: { name: string; status: string }[] = [data, ...data.dependencies]
  return all.filter((one) => one.status !== 'running').map((one) => `${one.name} ${one.status}`)
}

/** Adds, deploys, looks at and deletes an app; `ok`, or what went wrong. */
export async function walkApp(
  world: Caller,
  name: string,
  { disturb }: { disturb?: () => Promise<void> } = {},
): Promise<string> {
  const deployed = await deployApp(world, name, disturb)
  if (deployed.status !== 'completed') return `deploy ${deployed.status}: ${deployed.error?.message}`
  const waiting = await notRunning(world, name)
  if (waiting.length > 0) return `not running: ${waiting.join(', ')}`
  const { status, text, body } = await world.rest('DELETE', `${at}/${name}?delete_data=true`)
  if (status !== 202) return `delete answered ${status}: ${text}`
  const deleted = await world.ended(body.operation_id)
  return deleted.status === 'completed' ? 'ok' : `delete ${deleted.status}: ${deleted.error?.message}`
}
