import type { Clock } from '../platform/clock.ts'
import { asWildError, WildError } from '../platform/errors.ts'
import type { Masker } from '../platform/masking.ts'
import type { RunTool, ToolCall } from '../platform/run-tool.ts'
import { commandLine, createToolRunner } from '../platform/tool-runner.ts'
import {
  isGroup,
  type OperationDefinition,
  type PlannedChange,
  type Step,
  type StepContext,
  type StepItem,
} from './define.ts'

/** `would_fail`: something it needs is missing, and no earlier step would bring it. */
export const plannedStates = ['done', 'would_run', 'would_fail'] as const
export type PlannedState = (typeof plannedStates)[number]

export interface PlannedStep {
  id: string
  parent?: string
  title: string
  state: PlannedState
  /** Why it is done, or what is missing. */
  reason?: string
  changes: PlannedChange[]
}

/** What an operation would do, without doing it. */
export interface Plan {
  type: string
  title: string
  instance?: string
  target?: string
  steps: PlannedStep[]
  /** True when every step is done: running it changes nothing. */
  nothingToDo: boolean
}

/** Words of commands that change a machine or a cluster; a plan never runs them, whatever a step tries. */
const changing: Record<string, RegExp> = {
  kubectl: /^(apply|create|delete|patch|replace|rollout|label|annotate|edit|scale|drain|cordon|uncordon|exec)$/,
  talosctl: /^(apply-config|bootstrap|kubeconfig|reset|reboot|shutdown|rollback|upgrade|upgrade-k8s|gen|config)$/,
}

/** `talosctl etcd` reads and changes, and so does `talosctl service`. */
const changingEtcd = /^(leave|snapshot|forfeit-leadership|remove-member|alarm|defrag)$/

function isChange({ tool, args }: ToolCall): boolean {
  if (tool === 'talosctl' && args[0] === 'etcd') return changingEtcd.test(args[1] ?? '')
  if (tool === 'talosctl' && args[0] === 'service') return /^(start|stop|restart)$/.test(args[2] ?? '')
  const verb = args.find((arg, index) => !arg.startsWith('-') && args[index - 1] !== '--kubeconfig')
  return Boolean(verb && changing[tool]?.test(verb)) && !args.some((arg) => arg.startsWith('--dry-run'))
}

/** A runner that reads only. Throws INTERNAL for a command that would change something. */
function readOnly(run: RunTool, masker: Masker): RunTool {
  return (call) => {
    if (isChange(call)) throw new WildError('INTERNAL', `A plan must not run ${commandLine(call, masker)}.`)
    return run(call)
  }
}

function planContext(world: { clock: Clock; masker: Masker; signal: AbortSignal }): StepContext {
  const { clock, masker, signal } = world
  return {
    signal,
    clock,
    run: readOnly(createToolRunner({ masker, signal, defaultTimeoutMs: 10_000 }), masker),
    say: () => undefined,
    warn: () => undefined,
    progress: () => undefined,
    hide: (secrets) => masker.add(secrets),
    result: () => undefined,
    waitFor: async () => {
      throw new WildError('INTERNAL', 'A plan does not wait.')
    },
  }
}

const limitMs = 60_000

/** Asks every step whether it is done and what it would do. Reads machines, cluster and files; changes nothing. */
export async function planOperation<I>(
  definition: OperationDefinition<I>,
  input: I,
  world: { clock: Clock; masker: Masker },
): Promise<Plan> {
  const ctx = planContext({ ...world, signal: AbortSignal.timeout(limitMs) })
  await definition.refuse?.(input)
  world.masker.add((await definition.secrets?.(input)) ?? [])
  const steps = await planItems(await definition.steps(input, ctx), ctx, { pending: false })
  const plan: Plan = {
    type: definition.type,
    title: definition.title(input),
    instance: definition.instance(input),
    target: definition.target?.(input),
    steps,
    nothingToDo: steps.every(({ state }) => state === 'done'),
  }
  return world.masker.deep(plan)
}

/** `pending`: an earlier step would run, so what is missing now may be there by then. */
async function planItems(
  items: StepItem[],
  ctx: StepContext,
  earlier: { pending: boolean },
  parent?: string,
): Promise<PlannedStep[]> {
  const planned: PlannedStep[] = []
  for (const item of items) {
    const id = parent ? `${parent}/${item.name}` : item.name
    if (!isGroup(item)) {
      const step = { id, parent, title: item.title, ...(await planStep(item, ctx, earlier.pending)) }
      if (step.state === 'would_run') earlier.pending = true
      planned.push(step)
      continue
    }
    const children = await planItems(item.steps, ctx, earlier, id)
    planned.push({ id, parent, title: item.title, state: worst(children), changes: [] }, ...children)
  }
  return planned
}

function worst(steps: PlannedStep[]): PlannedState {
  if (steps.some(({ state }) => state === 'would_fail')) return 'would_fail'
  return steps.some(({ state }) => state === 'would_run') ? 'would_run' : 'done'
}

async function planStep(
  step: Step,
  ctx: StepContext,
  pending: boolean,
): Promise<Pick<PlannedStep, 'state' | 'reason' | 'changes'>> {
  try {
    await step.needs?.(ctx)
    const already = await step.done?.(ctx)
    if (already) return { state: 'done', reason: typeof already === 'string' ? already : undefined, changes: [] }
    return { state: 'would_run', changes: (await step.plan?.(ctx)) ?? [] }
  } catch (error) {
    const reason = asWildError(error).message
    return pending
      ? { state: 'would_run', reason: 'depends on the steps before it', changes: [] }
      : { state: 'would_fail', reason, changes: [] }
  }
}
