import type { Answer, RestClient } from './client.ts'
import type { Plan } from './types.ts'

/** Ends a command that was to tell only: the plan of what it would have changed first. */
export class Told extends Error {
  readonly plan: Plan

  constructor(plan: Plan) {
    super('told what would be done')
    this.plan = plan
  }
}

/** What a person sees is worked out by the daemon, and nothing is kept there. */
const reads = /\/(plan|validate|templates\/render|templates\/render-dir)$/

/** A client for `--plan`: instead of the first change it asks for the plan, and throws it as `Told`. */
export function tellingOnly(api: RestClient): RestClient {
  const isHarmless = (path: string, body: unknown, plan: string | undefined) =>
    plan === 'true' || reads.test(path) || (body as { dry_run?: boolean } | undefined)?.dry_run === true
  return {
    ...api,
    async send(method, path, body, query) {
      if (isHarmless(path, body, query?.plan)) return api.send(method, path, body, query)
      const told = await api.send<Answer<Plan>>(method, path, body, { ...query, plan: 'true' })
      throw new Told(told.data)
    },
    async sendText(method, path, text, query) {
      if (isHarmless(path, undefined, query?.plan)) return api.sendText(method, path, text, query)
      const told = await api.sendText<Answer<Plan>>(method, path, text, { ...query, plan: 'true' })
      throw new Told(told.data)
    },
    async download(path, body) {
      throw new Told((await api.send<Answer<Plan>>('POST', path, body, { plan: 'true' })).data)
    },
  }
}

/** With `--plan`: ends the command, saying which files it would write. */
export function tellOnly({ plan }: { plan?: boolean }, title: string, files: string[]): void {
  if (!plan) return
  const changes = files.map((text) => ({ kind: 'file', text: `${text} would be written here` }))
  const step = { id: 'save', title, state: 'would_run', changes }
  throw new Told({ type: 'save', title, nothing_to_do: false, steps: [step] })
}
