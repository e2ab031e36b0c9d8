import type { Answer, Query } from '../rest/client.ts'
import type { Plan, Started } from '../rest/types.ts'
import type { Session } from '../session.ts'
import { writeLines } from '../show.ts'
import { type OutcomeWords, seeThrough } from './outcome.ts'
import { planLines } from './plan-text.ts'

/** Said below every plan. */
export const nothingChanged = 'Nothing was changed. Leave out --plan to do it.'

/** What is asked of the daemon: a call that starts an operation, a POST unless it says otherwise. */
export interface OperationRequest {
  method?: 'POST' | 'PUT' | 'DELETE'
  path: string
  body?: unknown
  query?: Query
}

/** Starts an operation and follows it to its end; with `--plan` tells what it would do instead, changing nothing. */
export async function startOperation(
  session: Session,
  request: OperationRequest,
  words: OutcomeWords | ((started: Started) => OutcomeWords),
): Promise<void> {
  if (session.plan) return showPlans(session, [await askPlan(session, request)])
  const started = await session.api.send<Started>(request.method ?? 'POST', request.path, request.body, request.query)
  await seeThrough(session, started, typeof words === 'function' ? words(started) : words)
}

/** What the request would do. */
export async function askPlan(
  session: Session,
  { method = 'POST', path, body, query }: OperationRequest,
): Promise<Plan> {
  return (await session.api.send<Answer<Plan>>(method, path, body, { ...query, plan: 'true' })).data
}

/** Prints plans: as they came for JSON and YAML (one alone, or `plans`), as steps with their changes for a person. */
export async function showPlans(session: Session, plans: Plan[]): Promise<void> {
  if (session.structured) return session.print(plans.length === 1 ? plans[0] : { plans })
  writeLines(
    session,
    plans.flatMap((plan, i) => [...(i > 0 ? [''] : []), ...planLines(plan, session.paint)]),
  )
  session.messages.info(nothingChanged)
}
