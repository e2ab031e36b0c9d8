import type { Operations } from '../../operations/engine.ts'

/** Does an operation work on what this lock stands for, and does it take it away? */
export function workOn(operations: Operations, lock: string): { busy: boolean; leaving: boolean } {
  const holders = operations.holders(lock)
  return { busy: holders.length > 0, leaving: holders.some((id) => operations.get(id).type.endsWith('.delete')) }
}
