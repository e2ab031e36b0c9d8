import type { z } from 'zod'
import type { Clock } from '../platform/clock.ts'
import type { RunTool } from '../platform/run-tool.ts'

/** What a step gets: everything it may touch of the engine. */
export interface StepContext {
  /** Aborts on cancel, on the step's timeout and when the daemon stops. Hand it to every wait. */
  readonly signal: AbortSignal
  readonly clock: Clock
  /** Runs a program; logged to this operation, masked, ended with it. Adapters in tools/ take it. */
  readonly run: RunTool
  /** A line for people: shown as the operation's message and kept in its log. */
  say(message: string): void
  /** A WARNING line: something a person may want to know although the operation goes on. */
  warn(message: string): void
  /** 0–1: how far this step is, when it can tell. */
  progress(fraction: number): void
  /** Values that must never be seen from now on (generated or read during the operation). */
  hide(secrets: Iterable<string>): void
  /** Merges into the operation's result, shown to the caller when it ends. */
  result(values: Record<string, unknown>): void
  /** Polls `look` until it answers without throwing `NotYet`; see operations/wait.ts. */
  waitFor<T>(options: WaitOptions<T>): Promise<T>
}

export interface WaitOptions<T> {
  /** For people: "VIP 192.168.1.90 to answer". */
  what: string
  /** Looks once. Returns the awaited value, or throws NotYet with the reason (shown while waiting and in the timeout). */
  look(): Promise<T>
  /** Default 60. */
  attempts?: number
  /** Pause between two looks, ms. Default 2 000. */
  intervalMs?: number
  /** Called after the attempts listed in `nudgeAt`, e.g. to restart a stuck service; followed by `nudgePauseMs`. */
  nudge?(attempt: number): Promise<void>
  nudgeAt?: number[]
  nudgePauseMs?: number
}

/** One step of an operation. Nothing is stored about being done: `done` looks at the world, so running again is resuming. */
export interface Step {
  /** Stable id inside its list: kebab-case. */
  name: string
  /** For people: "Bootstrapping etcd cluster". */
  title: string
  /** Share of the progress bar relative to its siblings; default 1. */
  weight?: number
  /** Throws a WildError that says what is missing. Asked before `done`; must not change anything. */
  needs?(ctx: StepContext): Promise<void> | void
  /** True (or the reason as text) when there is nothing to do. Must not change anything. */
  done?(ctx: StepContext): Promise<boolean | string> | boolean | string
  run(ctx: StepContext): Promise<void>
  /** Throws when the effect of `run` is not there. */
  check?(ctx: StepContext): Promise<void>
  /** Takes back what a half-finished `run` leaves behind (failure, cancel, timeout). Never touches user data. */
  undo?(ctx: StepContext): Promise<void>
  /** Limit for `run` and `check` together, ms. Default 10 minutes. */
  timeoutMs?: number
  /** Repeats `run` on transient network failures only: waits 2^i seconds. Default 1 try. */
  tries?: number
  /** Plan mode: what `run` would do, in words and diffs, without doing it. */
  plan?(ctx: StepContext): Promise<PlannedChange[]>
}

export interface PlannedChange {
  kind: 'command' | 'file' | 'object' | 'note'
  text: string
  diff?: string
}

export interface StepList {
  steps: StepItem[]
  /** Run them side by side, at most this many; default 1 (in order). */
  parallel?: number
}

/** Steps that belong together and show as one line with children. */
export interface StepGroup extends StepList {
  name: string
  title: string
  weight?: number
  /** Names of siblings that must have ended well before this one starts (inside a parallel group). */
  after?: string[]
  /** Its failure does not fail the operation; it ends `completed` with a warning. */
  optional?: boolean
}

export type StepItem = Step | StepGroup

/** One kind of long work. */
export interface OperationDefinition<I> {
  /** Stored, never renamed: `cluster.bootstrap`. */
  type: string
  /** For people: "Bootstrap cluster home". */
  title(input: I): string
  input: z.ZodType<I>
  /** The instance it belongs to. */
  instance(input: I): string | undefined
  /** The thing it works on, for lists: "control-1". */
  target?(input: I): string | undefined
  /** External programs it cannot do without; a missing one fails its first step, saying how to get it. */
  tools?: string[]
  /** Fills in what the caller left out (the first control plane, …) before anything is checked. */
  complete?(input: I): Promise<I>
  /** Paths taken, all or none, before it starts: `instances/home/cluster`. */
  locks(input: I): string[] | Promise<string[]>
  /** Refuses before anything is recorded: unknown instance, node… Throws WildError. */
  refuse?(input: I): Promise<void> | void
  /** Values to mask from the first line on: the instance's secrets. */
  secrets?(input: I): Promise<Iterable<string>>
  /** Reads what it needs (config, catalog) and returns the steps in order. Runs after the locks are taken. */
  steps(input: I, ctx: StepContext): Promise<StepItem[]> | StepItem[]
  /** Run the steps side by side, at most this many; default 1 (in order). */
  parallel?: number
}

/** Thrown by `look` in a wait: not there yet, and why. */
export class NotYet extends Error {}

/** True for a group. */
export function isGroup(item: StepItem): item is StepGroup {
  return 'steps' in item
}
