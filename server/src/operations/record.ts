import type { Door } from '../platform/door.ts'

/** The words an operation's life is told in (fine print "Words"), and the shapes every door shows. */
export const operationStatuses = ['pending', 'running', 'completed', 'failed', 'cancelled'] as const
export type OperationStatus = (typeof operationStatuses)[number]

/** `skipped` = was already done; `blocked` = not started because something before it failed. */
export const stepStates = ['pending', 'running', 'done', 'skipped', 'failed', 'cancelled', 'blocked'] as const
export type StepState = (typeof stepStates)[number]

export const logStreams = ['step', 'command', 'stdout', 'stderr'] as const
export type LogStream = (typeof logStreams)[number]

export { type Door, doors } from '../platform/door.ts'

export interface StepRecord {
  /** `bootstrap-etcd`, nested `metallb/apply-installation`. */
  id: string
  parent?: string
  title: string
  weight: number
  state: StepState
  /** 0–100. */
  progress: number
  message?: string
  attempt: number
  startedAt?: string
  endedAt?: string
}

export interface OperationFailure {
  code: string
  message: string
  details: Record<string, unknown>
}

/** A step that was taken back after it had not succeeded; in an error's details as `taken_back`. */
export interface TakenBack {
  /** Its id. */
  step: string
  /** False when something may be left behind. */
  whole: boolean
}

export interface OperationRecord {
  id: string
  type: string
  title: string
  instance?: string
  target?: string
  input: unknown
  status: OperationStatus
  /** 0–100, derived from the steps. */
  progress: number
  message: string
  steps: StepRecord[]
  result?: Record<string, unknown>
  error?: OperationFailure
  warnings: string[]
  via: Door
  createdAt: string
  startedAt?: string
  completedAt?: string
}

export interface LogLine {
  operation: string
  /** 1, 2, 3… per operation, without gaps. */
  seq: number
  at: string
  stream: LogStream
  step?: string
  message: string
}

/** True once nothing more will happen to it. */
export function isEnded(status: OperationStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled'
}
