/** What a list of operations is merged by. */
interface Row {
  operationId: string
}

/**
 * Pure: a list, newest first, after its newest part was asked for again. `whole` says that the answer is all there is. What
 * came before the last row of the answer and is not in it does not match any more. When the answer does not reach the list
 * as it was, rows between them may be missing: then only the answer is known.
 */
export function mergeNewest<Of extends Row>(rows: readonly Of[], newest: readonly Of[], whole: boolean): Of[] {
  const last = newest.at(-1)
  if (whole || !last) return [...newest]
  const joint = rows.findIndex(({ operationId }) => operationId === last.operationId)
  return joint < 0 ? [...newest] : [...newest, ...rows.slice(joint + 1)]
}
